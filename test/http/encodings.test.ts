import * as zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Loopback } from './servers.ts';

const BYTES = Buffer.from('a picture, a picture, a picture '.repeat(200));

const CODINGS = [
  ['gzip', 'gzip', zlib.gzipSync(BYTES)],
  ['gzip by its old name', 'x-gzip', zlib.gzipSync(BYTES)],
  ['gzip in capitals', 'GZIP', zlib.gzipSync(BYTES)],
  ['deflate', 'deflate', zlib.deflateSync(BYTES)],
  ['deflate without its wrapper', 'deflate', zlib.deflateRawSync(BYTES)],
  ['brotli', 'br', zlib.brotliCompressSync(BYTES)],
  ['zstd', 'zstd', zlib.zstdCompressSync(BYTES)],
  ['none', 'identity', BYTES],
  ['an empty value', '', BYTES],
  ['two', 'deflate, gzip', zlib.gzipSync(zlib.deflateSync(BYTES))],
] as const;

let loopback = new Loopback();
afterEach(async () => {
  await loopback.close();
  loopback = new Loopback();
});

async function fetchCoded(coding: string, bytes: Uint8Array, maxBytes = 1_000_000) {
  const site = await loopback.http((_, response) => {
    response.writeHead(200, { 'Content-Encoding': coding, 'Content-Type': 'image/png' });
    response.end(bytes);
  });
  return loopback.fetch(site.url, { maxBytes });
}

describe('a content encoding is undone', () => {
  it.each(CODINGS)('%s', async (_, coding, bytes) => {
    const outcome = await fetchCoded(coding, bytes);
    expect(outcome).toMatchObject({ kind: 'body' });
    expect(outcome.kind === 'body' && BYTES.equals(outcome.body)).toBe(true);
  });
});

const GIF = Buffer.from('GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01\0\0;', 'latin1');
/** Neither a picture nor text. */
const OPAQUE = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 91) & 0xff));

/** What is announced, what comes, and what is to be read. */
const NOT_APPLIED = [
  ['a charset', 'UTF-8', BYTES, BYTES],
  ['a word for nothing', 'none', GIF, GIF],
  ['what a store left', 'aws-chunked', GIF, GIF],
  ['a store and gzip', 'aws-chunked, gzip', zlib.gzipSync(GIF), GIF],
  ['gzip and a charset', 'gzip, utf-8', zlib.gzipSync(BYTES), BYTES],
  ['gzip that a proxy has undone', 'gzip', GIF, GIF],
  ['deflate that a proxy has undone', 'deflate', BYTES, BYTES],
  ['brotli that a proxy has undone', 'br', GIF, GIF],
  ['zstd that a proxy has undone', 'zstd', BYTES, BYTES],
  ['gzip twice, announced once', 'gzip', zlib.gzipSync(zlib.gzipSync(GIF)), GIF],
  ['gzip of two members', 'gzip', Buffer.concat([zlib.gzipSync(GIF), Buffer.alloc(9)]), GIF],
  ['nothing beside gzip', ', gzip', zlib.gzipSync(GIF), GIF],
] as const;

describe('a content encoding that was not applied is passed over', () => {
  it.each(NOT_APPLIED)('%s', async (_, coding, bytes, expected) => {
    const outcome = await fetchCoded(coding, bytes);
    expect(outcome).toMatchObject({ kind: 'body' });
    expect(outcome.kind === 'body' && expected.equals(outcome.body)).toBe(true);
  });

  it('but bytes that nobody can read are refused', async () => {
    expect(await fetchCoded('gzip', OPAQUE)).toMatchObject({ reason: 'bad-encoding' });
  });

  it('and what unfolds without end is stopped in the second layer, too', async () => {
    const bomb = zlib.gzipSync(zlib.gzipSync(Buffer.alloc(50_000_000)));
    expect(await fetchCoded('gzip', bomb, 100_000)).toMatchObject({ reason: 'too-large' });
  });
});

describe('a content encoding that does not work out', () => {
  it('is refused when it is unknown', async () => {
    expect(await fetchCoded('compress', OPAQUE)).toMatchObject({
      kind: 'failed',
      reason: 'bad-encoding',
      detail: 'unknown: compress',
      httpStatus: 200,
      contentType: 'image/png',
    });
  });

  it('is refused when it is the name of a built-in', async () => {
    expect(await fetchCoded('constructor', OPAQUE)).toMatchObject({ reason: 'bad-encoding' });
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('is refused when it is no %s', async (coding) => {
    const outcome = await fetchCoded(coding, Buffer.from('\u0001<html>no</html>'));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'bad-encoding' });
  });

  it.each(CODINGS.slice(0, 7))('is truncated when it was cut: %s', async (_, coding, bytes) => {
    const outcome = await fetchCoded(coding, bytes.subarray(0, -4));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'truncated', httpStatus: 200 });
  });

  it('stops when more comes out than is allowed', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.byteLength).toBeLessThan(100_000);
    expect(await fetchCoded('gzip', bomb, 100_000)).toMatchObject({
      kind: 'failed',
      reason: 'too-large',
    });
  });

  it('stops between two codings too', async () => {
    const bomb = zlib.gzipSync(zlib.gzipSync(Buffer.alloc(50_000_000)));
    expect(await fetchCoded('gzip, gzip', bomb, 40_000)).toMatchObject({ reason: 'too-large' });
  });
});
