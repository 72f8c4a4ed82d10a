import { hash } from 'node:crypto';
import { symlink, unlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { fileNameOf } from '../../../contract/image-name.ts';
import type { ResultBody } from '../../../contract/items.ts';
import { aResult } from '../records.ts';
import { serveRun } from './a-watched-run.ts';
import { readEvents } from './read-events.ts';

const EVIL = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&\u202e\u2028`;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

function aPicture(bytes: string, fields: Partial<ResultBody> = {}): ResultBody {
  const sha256 = hash('sha256', bytes);
  const format = fields.format ?? 'png';
  const file = `images/${fileNameOf(sha256, format)}`;
  const size = { width: 3, height: 4, bytes: bytes.length };
  return aResult({ ...size, url: 'http://h/1', format, sha256, file, ...fields });
}

interface Asked {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as any client can make it; `fetch` would not send these headers and paths. */
async function ask(url: string, path: string, { method = 'GET', host, headers }: Asked = {}) {
  const { hostname, port } = new URL(url);
  const sent = request({
    hostname,
    port,
    path,
    method,
    headers: { ...headers, ...(host && { host }) },
  });
  const answered = Promise.withResolvers<import('node:http').IncomingMessage>();
  sent.once('response', answered.resolve).once('error', answered.reject).end();
  const response = await answered.promise;
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Serves a run, and looks at it once so that its pictures are known. */
async function served(...given: Parameters<typeof serveRun>) {
  const run = await serveRun(...given);
  const page = await ask(run.page.url, '/');
  return { ...run, html: page.body, headers: page.headers };
}

describe('the page', () => {
  test('lets nothing be loaded or run but what it brings', async () => {
    const { headers, html } = await served();
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; /,
    );
    expect(policy).not.toContain('unsafe');
    const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    expect(policy).toContain(`script-src 'sha256-${hash('sha256', script, 'base64')}'`);
    expect(policy).toContain(`style-src 'sha256-${hash('sha256', style, 'base64')}'`);
    expect(html).not.toMatch(/ style="| on[a-z]+="|@import|url\(|https?:\/\//);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
  });

  test('has a script that makes text of texts', async () => {
    const { html } = await served();
    expect(html).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(/,
    );
  });

  test('holds text of strangers without an element of theirs', async () => {
    const strangers = { title: EVIL, url: `http://h/${EVIL}`, foundOn: `javascript:${EVIL}` };
    const { html } = await served({
      results: [aPicture('x', strangers), aResult({ url: `http://${EVIL}/` })],
      sourceName: EVIL,
    });
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html).not.toContain('<img');
    const [, first = ''] = /id="first">(.*?)<\/script>/s.exec(html) ?? [];
    expect(JSON.parse(first).pictures[0]).toMatchObject({
      caption: expect.stringContaining('<img src=x onerror=alert(2)>'),
      page: { url: expect.stringMatching(/^javascript:/) },
    });
  });
});

describe('a request', () => {
  test.each([
    ['localhost:1234', 200],
    ['127.0.0.1:80', 200],
    ['[::1]:80', 200],
    ['evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost@evil.example', 421],
    ['not a host', 421],
  ])('for the host %s is answered with %i', async (host, status) => {
    const { page } = await serveRun();
    expect((await ask(page.url, '/', { host })).status).toBe(status);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('of %s is refused', async (method) => {
    const { page, asked } = await serveRun();
    expect((await ask(page.url, '/', { method })).status).toBe(405);
    expect(asked.progress).toBe(0);
  });

  test('from another site may open the page and nothing else', async () => {
    const { page } = await serveRun();
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    expect((await ask(page.url, '/', { headers })).status).toBe(200);
    for (const path of ['/events', '/pictures?page=0', `/picture/${'a'.repeat(64)}`])
      expect((await ask(page.url, path, { headers })).status).toBe(403);
  });

  test.each([
    '/picture/../../../../etc/passwd',
    '/picture/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/images/ab/ab.png',
    '/etc/passwd',
    '//evil.example/picture',
    `/picture/${'A'.repeat(64)}`,
    `/picture/${'a'.repeat(64)}`,
  ])('for %s finds nothing', async (path) => {
    const { page } = await served({ results: [aPicture('x')] });
    const { status, body } = await ask(page.url, path);
    expect({ status, body }).toEqual({ status: 404, body: 'not here\n' });
  });

  test.each(['', '-1', 'x', '1.5', '1e99'])('for the page "%s" of pictures', async (page) => {
    const { page: served } = await serveRun();
    const { status } = await ask(served.url, `/pictures?page=${page}`);
    expect(status).toBe(page === '' ? 200 : 400);
  });
});

describe('a picture', () => {
  const png = aPicture('bytes of a picture');
  const id = png.sha256 ?? '';
  const name = fileNameOf(id, 'png');

  test('is served by its hash', async () => {
    const { page } = await served({ results: [png], files: { [name]: 'bytes of a picture' } });
    const { status, headers, body } = await ask(page.url, `/picture/${id}`);
    expect({ status, body }).toEqual({ status: 200, body: 'bytes of a picture' });
    expect(headers['content-type']).toBe('image/png');
  });

  test('is not served where its file is gone, or is a link', async () => {
    const { page, imagesFolder } = await served({ results: [png], files: { [name]: 'x' } });
    const path = join(imagesFolder, name);
    await unlink(path);
    expect((await ask(page.url, `/picture/${id}`)).status).toBe(404);
    const secret = join(imagesFolder, 'secret');
    await writeFile(secret, 'secret');
    await symlink(secret, path);
    expect((await ask(page.url, `/picture/${id}`)).status).toBe(404);
  });

  test('of a format that browsers do not show is not served', async () => {
    const tiff = aPicture('a tiff', { format: 'tiff' });
    const sha256 = tiff.sha256 ?? '';
    const files = { [fileNameOf(sha256, 'tiff')]: 'a tiff' };
    const { page } = await served({ results: [tiff], files });
    expect((await ask(page.url, `/picture/${sha256}`)).status).toBe(404);
  });

  test('that is an SVG runs nothing, wherever it is opened', async () => {
    const svg = aPicture(SVG, { format: 'svg' });
    const sha256 = svg.sha256 ?? '';
    const { page } = await served({
      results: [svg],
      files: { [fileNameOf(sha256, 'svg')]: SVG },
    });
    const { headers } = await ask(page.url, `/picture/${sha256}`);
    expect(headers['content-type']).toBe('image/svg+xml');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
  });

  test('is found on its page', async () => {
    const results = Array.from({ length: 50 }, (_, n) =>
      aPicture(String(n), { url: `http://h/${n}` }),
    );
    const { page } = await served({ results });
    const captions = async (number: number) => {
      const { body } = await ask(page.url, `/pictures?page=${number}`);
      return JSON.parse(body).map(({ caption }: { readonly caption: string }) => caption);
    };
    expect((await captions(0))[0]).toBe('49');
    expect(await captions(2)).toEqual(['1', '0']);
  });
});

describe('events', () => {
  test('tell all viewers of one look, and nobody looks before', async () => {
    const { page, asked } = await serveRun({ progress: { succeeded: 5, targets: 9 } });
    expect(asked.progress).toBe(0);
    const viewers = Array.from({ length: 3 }, () => readEvents(page.url));
    const first = await Promise.all(viewers.map((one) => one.next()));
    for (const { value } of first)
      expect(value).toMatchObject({ kind: 'state', state: { hosts: [], state: 'running' } });
    expect(asked.progress).toBeLessThanOrEqual(2);
    const closing = page.close();
    for (const one of viewers) {
      const kinds: string[] = [];
      for await (const { kind } of one) kinds.push(kind);
      // A state that is the same as the last one is not told again.
      expect(kinds.filter((kind) => kind !== 'state')).toEqual(['end']);
      expect(kinds.at(-1)).toBe('end');
    }
    await closing;
  });

  test('are refused where there are too many viewers', async () => {
    const { page } = await serveRun();
    const over = new AbortController();
    const viewers = Array.from({ length: 20 }, () => readEvents(page.url, over.signal));
    await Promise.all(viewers.map((one) => one.next()));
    expect((await ask(page.url, '/events')).status).toBe(503);
    over.abort();
    await Promise.allSettled(viewers.map((one) => one.next()));
  });
});
