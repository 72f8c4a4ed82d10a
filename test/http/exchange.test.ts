import { afterEach, describe, expect, it } from 'vitest';
import { Loopback } from './servers.ts';

const BYTES = Buffer.from(Array.from({ length: 70_000 }, (_, at) => at % 251));

let loopback = new Loopback();
afterEach(async () => {
  await loopback.close();
  loopback = new Loopback();
});

describe('an answer', () => {
  it('of 200 brings its body byte for byte', async () => {
    const site = await loopback.http((_, response) => {
      response.writeHead(200, { 'Content-Type': 'image/png' });
      response.end(BYTES);
    });
    const outcome = await loopback.fetch(site.url);
    expect(outcome).toMatchObject({
      kind: 'body',
      httpStatus: 200,
      headers: { 'content-type': 'image/png' },
    });
    expect(outcome.kind === 'body' && BYTES.equals(outcome.body)).toBe(true);
  });

  it('may have an empty body', async () => {
    const site = await loopback.http((_, response) => void response.end());
    const outcome = await loopback.fetch(site.url);
    expect(outcome).toMatchObject({ kind: 'body', httpStatus: 200 });
    expect(outcome.kind === 'body' && outcome.body.byteLength).toBe(0);
  });

  it('comes after a hint, which is no answer', async () => {
    const site = await loopback.raw((socket) => {
      socket.end(
        'HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n',
      );
    });
    expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'no-body', httpStatus: 404 });
  });

  it('that redirects is given back and not followed', async () => {
    let requests = 0;
    const site = await loopback.http((_, response) => {
      requests += 1;
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    expect(await loopback.fetch(site.url)).toMatchObject({
      kind: 'no-body',
      httpStatus: 302,
      headers: { location: '/elsewhere' },
    });
    expect(requests).toBe(1);
  });

  it('with a header twice has it joined', async () => {
    const site = await loopback.raw((socket) => {
      socket.end(
        'HTTP/1.1 429 No\r\nX-Robots-Tag: a\r\nx-robots-tag: b\r\nContent-Length: 0\r\n\r\n',
      );
    });
    expect(await loopback.fetch(site.url)).toMatchObject({ headers: { 'x-robots-tag': 'a, b' } });
  });
});

describe('a request', () => {
  it('sends a User-Agent, and accepts what it can read', async () => {
    const seen: unknown[] = [];
    const site = await loopback.http(({ method, url, headers }, response) => {
      seen.push({ method, url, ...headers });
      response.end();
    });
    await loopback.fetch(`${site.url}a%20b?c=d`, { userAgent: 'me/2 (+https://me.test)' });
    expect(seen).toEqual([
      expect.objectContaining({
        method: 'GET',
        url: '/a%20b?c=d',
        host: `127.0.0.1:${site.port}`,
        'user-agent': 'me/2 (+https://me.test)',
        'accept-encoding': 'gzip, deflate, br, zstd',
      }),
    ]);
  });
});

describe('a connection', () => {
  it('is used again', async () => {
    const site = await loopback.http((_, response) => void response.end(BYTES));
    for (let at = 0; at < 5; at += 1) await loopback.fetch(site.url);
    expect(site.connections()).toBe(1);
  });

  it.each([404, 503, 302])('is used again after %i with a body', async (httpStatus) => {
    const site = await loopback.http((_, response) => {
      response.writeHead(httpStatus).end(BYTES.subarray(0, 20_000));
    });
    for (let at = 0; at < 3; at += 1) {
      expect(await loopback.fetch(site.url)).toMatchObject({ kind: 'no-body', httpStatus });
    }
    expect(site.connections()).toBe(1);
  });

  it('is given up when an error page does not end', async () => {
    const site = await loopback.raw((socket) => {
      socket.write(`HTTP/1.1 404 No\r\nContent-Length: 90000000\r\n\r\n${'x'.repeat(200_000)}`);
    });
    const outcome = await loopback.fetch(site.url);
    expect(outcome).toMatchObject({ kind: 'no-body', httpStatus: 404 });
  });

  it('is never one of more than were allowed', async () => {
    let active = 0;
    let mostAtOnce = 0;
    const site = await loopback.http((_, response) => {
      active += 1;
      mostAtOnce = Math.max(mostAtOnce, active);
      setImmediate(() => {
        active -= 1;
        response.end();
      });
    });
    await Promise.all(Array.from({ length: 12 }, () => loopback.fetch(site.url, { perHost: 3 })));
    expect(mostAtOnce).toBeLessThanOrEqual(3);
    expect(site.connections()).toBeLessThanOrEqual(3);
  });
});
