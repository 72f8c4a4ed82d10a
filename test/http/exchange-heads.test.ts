import { afterEach, expect, test } from 'vitest';
import { Loopback } from './servers.ts';

let loopback = new Loopback();
afterEach(async () => {
  await loopback.close();
  loopback = new Loopback();
});

const ANSWER =
  'HTTP/1.1 200 Quite Fine\r\nX-Odd-CASE: \xe9\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 3';

test('the heads of an exchange are reported as sent and received, when asked for', async () => {
  const site = await loopback.raw((socket) => {
    socket.end(Buffer.from(`${ANSWER}\r\n\r\npng`, 'latin1'));
  });
  const outcome = await loopback.fetch(`${site.url}a?b=%20`, {
    keepsHead: true,
    headers: { 'x-own': '1' },
  });
  const head = outcome.kind === 'body' ? outcome.head : undefined;
  expect(head?.protocol).toBe('http/1.1');
  expect(head?.response).toBe(ANSWER);
});

test('the request is reported as the server received it', async () => {
  let received = '';
  const site = await loopback.http((request, response) => {
    const { method, url, httpVersion, rawHeaders } = request;
    const lines = [`${method} ${url} HTTP/${httpVersion}`];
    for (let at = 0; at < rawHeaders.length; at += 2)
      lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
    received = lines.join('\r\n');
    response.end('png');
  });
  const outcome = await loopback.fetch(`${site.url}a?b=%20`, {
    keepsHead: true,
    headers: { referer: 'https://a.example/', 'x-own': '1' },
  });
  expect(received).toContain('x-own: 1');
  expect(outcome).toMatchObject({ head: { request: received } });
});

test('a redirect has a head, too', async () => {
  const site = await loopback.http((_, response) => {
    response.writeHead(302, { Location: '/elsewhere' }).end();
  });
  const outcome = await loopback.fetch(site.url, { keepsHead: true });
  expect(outcome).toMatchObject({ kind: 'no-body', httpStatus: 302 });
  const head = outcome.kind === 'no-body' ? outcome.head : undefined;
  expect(head?.response).toMatch(/^HTTP\/1\.1 302 Found\r\nLocation: \/elsewhere\r\n/);
});

test('nothing of them is kept where nobody asks', async () => {
  const site = await loopback.http((_, response) => void response.end('png'));
  const outcome = await loopback.fetch(site.url);
  expect(outcome).toMatchObject({ kind: 'body' });
  expect(outcome.kind === 'body' && outcome.head).toBeUndefined();
});
