import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import type { FetchOutcome } from '../../core/ports/fetcher.ts';
import { contentCodings, hasZlibHeader } from './content-codings.ts';

type Body = Extract<FetchOutcome, { kind: 'body' }>;

/** How a decoder ends where its input is cut: it gives what it has. */
const CUT = { finishFlush: constants.Z_SYNC_FLUSH };
const CUT_BROTLI = { finishFlush: constants.BROTLI_OPERATION_FLUSH };
const CUT_ZSTD = { finishFlush: constants.ZSTD_e_flush };

const DECODERS: ReadonlyMap<string, (isCut: boolean, bytes: Uint8Array) => Transform> = new Map([
  ['gzip', (isCut) => createGunzip(isCut ? CUT : {})],
  ['x-gzip', (isCut) => createGunzip(isCut ? CUT : {})],
  ['deflate', inflateOf],
  ['br', (isCut) => createBrotliDecompress(isCut ? CUT_BROTLI : {})],
  ['zstd', (isCut) => createZstdDecompress(isCut ? CUT_ZSTD : {})],
]);

/** Control characters that a text has: tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);
/** So many bytes are looked at. */
const SNIFFED = 1024;

/**
 * Undoes the content codings of a small text file as far as the file can be had: at most its first
 * `maxBytes`, also of a body that was cut on the wire. An unknown coding is ignored, and what
 * is text in spite of its coding is taken as it is; both are usual mistakes of file hosts.
 */
export async function decodeText(outcome: Body, maxBytes: number): Promise<FetchOutcome> {
  const codings = contentCodings(outcome.headers);
  const isCut = outcome.body.byteLength > maxBytes;
  let body = outcome.body;
  for (const coding of codings) {
    const decoder = DECODERS.get(coding);
    try {
      if (decoder !== undefined) body = await firstBytes(decoder(isCut, body), body, maxBytes);
    } catch (error) {
      if (isText(body)) break;
      return failed(outcome, coding, error instanceof Error ? error.message : String(error));
    }
  }
  const unknown = codings.findLast((coding) => !DECODERS.has(coding));
  if (unknown !== undefined && !isText(body))
    return failed(outcome, 'unknown', unknown.slice(0, 40));
  return body === outcome.body ? outcome : { ...outcome, body };
}

function inflateOf(isCut: boolean, bytes: Uint8Array): Transform {
  const options = isCut ? CUT : {};
  return hasZlibHeader(bytes) ? createInflate(options) : createInflateRaw(options);
}

async function firstBytes(
  decoder: Transform,
  bytes: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  decoder.end(bytes);
  for await (const chunk of decoder) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return Buffer.concat(chunks);
}

/** Without a "binary data byte" (WHATWG MIME Sniffing, section 3). */
function isText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, SNIFFED).every((byte) => byte >= 0x20 || TEXT_CONTROLS.has(byte));
}

function failed(
  { httpStatus, headers, release }: Body,
  coding: string,
  problem: string,
): FetchOutcome {
  release();
  return {
    kind: 'failed',
    reason: 'bad-encoding',
    detail: `${coding}: ${problem}`,
    httpStatus,
    contentType: headers['content-type'],
  };
}
