import * as zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Loopback } from './servers.ts';

const MAX_BYTES = 4000;
const TEXT = Buffer.from('User-agent: *\nDisallow: /d\n');
/** Lines that hardly compress, so that their codings are longer than the limit as well. */
const LONG = Buffer.from(
  Array.from({ length: 2000 }, (_, at) => `Disallow: /${Math.sin(at)}\n`).join(''),
);
const BOMB = Buffer.alloc(20_000_000, 'a');

const encodings = [
  ['gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['br', zlib.brotliCompressSync],
  ['zstd', zlib.zstdCompressSync],
] as const;

let loopback = new Loopback();
afterEach(async () => {
  await loopback.close();
  loopback = new Loopback();
});

async function fetchText(coding: string, bytes: Uint8Array, status = 200) {
  const site = await loopback.http((_, response) => {
    response.writeHead(status, { 'Content-Encoding': coding }).end(bytes);
  });
  return loopback.fetch(site.url, { maxBytes: MAX_BYTES, mayCut: true });
}

async function textOf(coding: string, bytes: Uint8Array, status = 200): Promise<string> {
  const outcome = await fetchText(coding, bytes, status);
  if (outcome.kind !== 'body') throw new Error(`no body: ${JSON.stringify(outcome)}`);
  return Buffer.from(outcome.body).toString();
}

describe('a text of which a part will do', () => {
  it.each([
    ['of an encoding that is a character set', 'UTF-8', TEXT],
    ['of an encoding that an upload left behind', 'aws-chunked', TEXT],
    ['that is not gzip, though its head says so', 'gzip', TEXT],
    ['that is neither of two encodings', 'br, gzip', TEXT],
    ['in gzip, with a character set before', 'utf-8, gzip', zlib.gzipSync(TEXT)],
    ['in gzip, with a character set behind', 'gzip, utf-8', zlib.gzipSync(TEXT)],
    ['in deflate without its wrapper', 'deflate', zlib.deflateRawSync(TEXT)],
  ])('is read %s', async (_, coding, bytes) => {
    expect(await textOf(coding, bytes)).toBe(TEXT.toString());
  });

  it.each(encodings)('is read as far as it came where it was cut: %s', async (coding, encode) => {
    const bytes = encode(LONG);
    expect(bytes.length).toBeGreaterThan(2 * MAX_BYTES);
    const text = await textOf(coding, bytes);
    expect(text.length).toBeGreaterThan(MAX_BYTES / 2);
    expect(LONG.toString().startsWith(text)).toBe(true);
  });

  it.each(encodings)('is not decoded beyond the limit: %s', async (coding, encode) => {
    const text = await textOf(coding, encode(BOMB));
    expect(text.length).toBeGreaterThan(MAX_BYTES);
    expect(text.length).toBeLessThan(1_000_000);
  });

  it.each([201, 202, 203, 206, 226])('is read from an answer of status %i', async (status) => {
    expect(await textOf('identity', TEXT, status)).toBe(TEXT.toString());
  });

  it.each([204, 205])('is empty in an answer of status %i', async (status) => {
    expect(await textOf('identity', Buffer.alloc(0), status)).toBe('');
  });

  const broken = zlib.gzipSync(TEXT);
  broken[broken.length - 5] = (broken[broken.length - 5] ?? 0) ^ 1;
  it.each([
    ['bytes of an encoding that nobody knows', 'compress', Buffer.from([0x1f, 0x9d, 0, 1, 2])],
    ['gzip with a wrong checksum', 'gzip', broken],
    ['gzip that ends too early', 'gzip', zlib.gzipSync(TEXT).subarray(0, -9)],
    ['bytes that are neither text nor gzip', 'gzip', Buffer.from([1, 2, 3, 4])],
  ])('is a failure where there is no text: %s', async (_, coding, bytes) => {
    expect(await fetchText(coding, bytes)).toMatchObject({
      kind: 'failed',
      reason: 'bad-encoding',
      httpStatus: 200,
    });
  });
});
