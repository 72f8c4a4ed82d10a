import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { WARCParser, type WARCRecord } from 'warcio';
import { getSurt } from 'warcio/utils';
import { surtOf } from '../../adapters/datasets/warc/cdxj.ts';
import { archivedHead } from '../../adapters/datasets/warc/http-head.ts';
import { recordId } from '../../adapters/datasets/warc/warc-record.ts';
import { writeWarc } from '../../adapters/datasets/warc/write-warc.ts';
import type { KeptExchange } from '../../core/model/result.ts';
import { aRun } from '../cli/records.ts';
import { freshFolder } from '../fresh-folder.ts';
import { Kept } from './a-data-set.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 3';

function anExchange(url: string, response = OK, fields: Partial<KeptExchange> = {}): KeptExchange {
  const request = `GET ${new URL(url).pathname} HTTP/1.1\r\nhost: a.example\r\ncookie: (not recorded)`;
  return {
    url,
    at: '2026-11-28T12:00:00.123Z',
    request,
    response,
    address: '192.0.2.7',
    ...fields,
  };
}

async function written(kept: Kept, shardSize = 1000): Promise<string> {
  const folder = await freshFolder();
  const settings = { run: aRun(), version: '1.2.3', shardSize, work: join(folder, 'work') };
  await writeWarc(kept.all, kept.read, folder, settings);
  return folder;
}

interface Read {
  readonly type: string;
  readonly url: string;
  readonly warc: (name: string) => string | undefined;
  readonly record: WARCRecord;
  readonly payload: Buffer;
}

async function records(path: string): Promise<readonly Read[]> {
  const bytes = new Blob([await readFile(path)]);
  const read: Read[] = [];
  for await (const record of new WARCParser(bytes.stream())) {
    const payload = Buffer.from(await record.readFully(false));
    const warc = (name: string) => record.warcHeaders.headers.get(name) ?? undefined;
    read.push({
      type: record.warcType ?? '',
      url: record.warcTargetURI ?? '',
      warc,
      record,
      payload,
    });
  }
  return read;
}

describe('an archive', () => {
  it('has the exchanges of what was kept, redirects among them', async () => {
    const [first, second] = ['https://a.example/moved', 'https://a.example/x.png'];
    const moved = 'HTTP/1.1 302 Found\r\nLocation: /x.png\r\nContent-Length: 0';
    const exchanges = [anExchange(first, moved), anExchange(second)];
    const kept = new Kept().image('png', { url: first, exchanges }).failure().image('none');
    const read = await records(join(await written(kept), '00000.warc.gz'));

    expect(read.map(({ type, url }) => `${type} ${url}`)).toEqual([
      'warcinfo ',
      `response ${first}`,
      `request ${first}`,
      `response ${second}`,
      `request ${second}`,
    ]);
    const [info, redirect, , answer, request] = read;
    expect(info?.payload.toString()).toContain('software: image-crawler/1.2.3\r\n');
    expect(redirect?.record.httpHeaders?.statusline).toBe('HTTP/1.1 302 Found');
    expect(answer?.payload.toString()).toBe('png');
    expect(answer?.record.httpHeaders?.headers.get('Content-Type')).toBe('image/png');
    expect(answer?.warc('WARC-IP-Address')).toBe('192.0.2.7');
    expect(answer?.warc('WARC-Payload-Digest')).toBe(`sha256:${hash('sha256', 'png', 'hex')}`);
    expect(request?.warc('WARC-Concurrent-To')).toBe(answer?.warc('WARC-Record-ID'));
  });

  it('has a payload that came before as a revisit', async () => {
    const [a, b] = ['https://a.example/a.png', 'https://a.example/b.png'];
    const kept = new Kept()
      .image('png', { url: b, exchanges: [anExchange(b)] })
      .image('png', { url: a, exchanges: [anExchange(a)] });
    const read = await records(join(await written(kept), '00000.warc.gz'));
    const answers = read.filter(({ type }) => type === 'response' || type === 'revisit');
    expect(answers.map(({ type, url }) => `${type} ${url}`)).toEqual([
      `response ${a}`,
      `revisit ${b}`,
    ]);
    const revisit = answers[1];
    expect(revisit?.payload.length).toBe(0);
    expect(revisit?.warc('WARC-Profile')).toMatch(/1\.1\/revisit\/identical-payload-digest$/);
    expect(revisit?.warc('WARC-Refers-To-Target-URI')).toBe(a);
    expect(revisit?.warc('WARC-Payload-Digest')).toBe(answers[0]?.warc('WARC-Payload-Digest'));
    expect(revisit?.record.httpHeaders?.statusline).toBe('HTTP/1.1 200 OK');
  });

  it('refers to the archive of an earlier run where nothing changed', async () => {
    const urls = ['https://a.example/a.png', 'https://a.example/b.png'] as const;
    const at = '2026-11-29T12:00:00.456Z';
    const first = new Kept();
    for (const url of urls) first.image(url, { url, exchanges: [anExchange(url)] });
    const unmodified = 'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 23';
    const answers = { [urls[0]]: unmodified, [urls[1]]: OK };
    const second = new Kept();
    for (const url of urls) {
      const archived = { url, at: anExchange(url).at, index: 0 };
      const exchanges = [anExchange(url, answers[url], { at })];
      second.image(url, { url, exchanges, archived });
    }
    const before = await records(join(await written(first), '00000.warc.gz'));
    const folder = await written(second);
    const after = await records(join(folder, '00000.warc.gz'));
    const old = before.filter(({ type }) => type === 'response');
    const revisits = after.filter(({ type }) => type === 'revisit');
    expect(after.map(({ type }) => type)).not.toContain('response');
    for (const [number, name] of ['server-not-modified', 'identical-payload-digest'].entries()) {
      const [revisit, response] = [revisits[number], old[number]];
      expect(revisit?.payload.length).toBe(0);
      expect(revisit?.warc('WARC-Profile')).toBe(`http://netpreserve.org/warc/1.1/revisit/${name}`);
      expect(revisit?.warc('WARC-Refers-To')).toBe(response?.warc('WARC-Record-ID'));
      expect(revisit?.warc('WARC-Refers-To-Target-URI')).toBe(response?.url);
      expect(revisit?.warc('WARC-Refers-To-Date')).toBe(response?.warc('WARC-Date'));
      expect(revisit?.warc('WARC-Payload-Digest')).toBe(response?.warc('WARC-Payload-Digest'));
    }
    expect(revisits[0]?.record.httpHeaders?.statusline).toBe('HTTP/1.1 304 Not Modified');
    const index = await readFile(join(folder, 'index.cdxj'), 'utf8');
    expect(index.match(/warc\/revisit/g)).toHaveLength(2);
  });

  it('has a URL of several rows once', async () => {
    const url = 'https://a.example/a.png';
    const row = { url, exchanges: [anExchange(url)] };
    const kept = new Kept().image('png', { ...row, row: 1 }).image('png', { ...row, row: 9 });
    const read = await records(join(await written(kept), '00000.warc.gz'));
    expect(read.map(({ type }) => type)).toEqual(['warcinfo', 'response', 'request']);
  });

  it('has pages, and files of so many targets', async () => {
    const [page, image] = ['https://a.example/', 'https://a.example/a.png'];
    const html = OK.replace('image/png', 'text/html; charset=utf-8');
    const kept = new Kept()
      .bytes(Buffer.from('<p>'), { url: page, kind: 'page', exchanges: [anExchange(page, html)] })
      .image('png', { url: image, exchanges: [anExchange(image)] });
    const folder = await written(kept, 1);
    const [first, second] = ['00000.warc.gz', '00001.warc.gz'].map((name) => join(folder, name));
    expect((await records(first ?? '')).map(({ url }) => url)).toEqual(['', page, page]);
    expect((await records(second ?? '')).map(({ url }) => url)).toEqual(['', image, image]);
  });

  it('has an index by which each answer is found', async () => {
    const urls = ['https://www.b.example/?z=1&a=2', 'https://a.example/B.png'];
    const kept = new Kept();
    for (const url of urls) kept.image(url, { url, exchanges: [anExchange(url)] });
    const folder = await written(kept);
    const lines = (await readFile(join(folder, 'index.cdxj'), 'utf8')).split('\n').slice(0, -1);
    expect(lines.map((line) => line.split(' ').slice(0, 2))).toEqual([
      ['example,a)/b.png', '20261128120000'],
      ['example,b)/?a=2&z=1', '20261128120000'],
    ]);
    for (const line of lines) {
      const entry = JSON.parse(line.slice(line.indexOf('{')));
      const file = await readFile(join(folder, entry.filename));
      const from = Number(entry.offset);
      const record = gunzipSync(file.subarray(from, from + Number(entry.length))).toString();
      expect(record).toContain(`WARC-Target-URI: ${entry.url}\r\n`);
      expect(record).toContain(`WARC-Payload-Digest: ${entry.digest}\r\n`);
      expect(entry).toMatchObject({ status: '200', mime: 'image/png' });
    }
  });

  it('is the same bytes when it is written again', async () => {
    const url = 'https://a.example/a.png';
    const kept = new Kept().image('png', { url, exchanges: [anExchange(url)] });
    const [a, b] = [await written(kept), await written(kept)];
    for (const name of ['00000.warc.gz', 'index.cdxj'])
      expect(await readFile(join(a, name))).toEqual(await readFile(join(b, name)));
  });

  it('takes URLs that would begin a field of their own', async () => {
    const url = 'https://a.example/a.png';
    const hostile = `${url}\r\nWARC-Type: warcinfo`;
    const kept = new Kept().image('png', {
      url,
      exchanges: [{ ...anExchange(url), url: hostile }],
    });
    const read = await records(join(await written(kept), '00000.warc.gz'));
    expect(read.map(({ type }) => type)).toEqual(['warcinfo', 'response', 'request']);
  });
});

describe('the head of an answer', () => {
  it('stays as it came, octet by octet, where it tells of the archived bytes', () => {
    const head = 'HTTP/1.1 200 Fine\r\nX-a:  \xe9\r\ncontent-length: 3\r\nx-A: 2';
    expect(archivedHead(head, 3).toString('latin1')).toBe(`${head}\r\n\r\n`);
  });

  it('says under other names what is about bytes that were decoded', () => {
    const head =
      'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\ntransfer-encoding: chunked\r\nContent-Type: image/svg+xml';
    expect(archivedHead(head, 97).toString()).toBe(
      'HTTP/1.1 200 OK\r\nX-Crawl-Content-Encoding: gzip\r\nX-Crawl-transfer-encoding: chunked\r\n' +
        'Content-Type: image/svg+xml\r\nContent-Length: 97\r\n\r\n',
    );
  });
});

test.each([
  'https://example.com/',
  'http://www2.Example.com:8080/A/b?Z=1&a=%20',
  'https://user@example.com/x#y',
  'http://127.0.0.1/a',
  'https://example.com/?',
  'data:image/png,x',
])('the key of %s in an index is that of other tools', (url) => {
  expect(surtOf(url)).toBe(getSurt(url));
});

test('the id of a record is a UUID of version 8', () => {
  expect(recordId('x')).toMatch(
    /^<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>$/,
  );
  expect(recordId('x')).not.toBe(recordId('y'));
});
