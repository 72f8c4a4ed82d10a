import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { WARCParser } from 'warcio';
import { picturePath } from '../../bench/picture-path.ts';
import { readTar } from '../datasets/read-tar.ts';
import { freshHome } from './crawl-process.ts';
import { startPictureSite } from './picture-site.ts';
import { parseSummary } from './run-output.ts';
import { answerDocuments } from './site-of-pages.ts';

test('a run over pages is an archive at its end, and an export makes shards of it', async () => {
  const home = await freshHome();
  const page = `<img src="${picturePath(0)}" alt="the first"><img src="${picturePath(1)}">`;
  const site = await startPictureSite({ pictures: 2, answer: answerDocuments({ '/': page }) });

  const address = `${site.origins}/`;
  const run = 'run --no-sitemaps --allow-private --out out --json --pages'.split(' ');
  const output = '--format warc --croissant --table csv'.split(' ');

  const ended = await home.crawl(...run, address, ...output, '--header', 'X-Token: s3cret');

  expect(ended).toMatchObject({ code: 0 });
  const { runId } = parseSummary(ended);
  const folder = home.path('out', 'warc');
  expect(await readdir(folder)).toEqual([
    '00000.warc.gz',
    'croissant.json',
    'dataset.json',
    'index.cdxj',
  ]);
  const archive = new Blob([await readFile(home.path('out', 'warc', '00000.warc.gz'))]);
  const requests: string[] = [];
  const bodies = new Map<string, string>();
  for await (const record of new WARCParser(archive.stream())) {
    const body = Buffer.from(await record.readFully(false)).toString('latin1');
    const url = record.warcTargetURI ?? '';
    if (record.warcType === 'response') bodies.set(url, body);
    if (record.warcType === 'request') requests.push(record.httpHeaders?.toString() ?? '');
  }
  expect([...bodies.keys()]).toEqual([
    `${site.origins}/`,
    `${site.origins}${picturePath(0)}`,
    `${site.origins}${picturePath(1)}`,
  ]);
  expect(bodies.get(`${site.origins}/`)).toContain(page);
  expect(requests).toHaveLength(3);
  for (const request of requests) expect(request).toContain('x-token: (not recorded)');
  const table = await readFile(home.path('out', 'results.csv'), 'utf8');
  expect(table.trim().split('\n')).toHaveLength(4);

  const exported = await home.crawl('export', runId, '--format', 'webdataset', '--caption', 'alt');

  expect(exported).toMatchObject({ code: 0 });
  const members = await readTar(home.path('out', 'webdataset', '00000.tar'));
  expect(members.map(({ name }) => name)).toEqual([
    '000000000.jpg',
    '000000000.json',
    '000000000.txt',
    '000000001.png',
    '000000001.json',
  ]);
  expect(members[2]?.bytes.toString()).toBe('the first');
});
