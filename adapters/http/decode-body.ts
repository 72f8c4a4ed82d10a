import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import type { FetchFailure, FetchOutcome } from '../../core/ports/fetcher.ts';
import { contentCodings, hasZlibHeader } from './content-codings.ts';
import { isReadable } from './is-readable.ts';

type Body = Extract<FetchOutcome, { kind: 'body' }>;
type Decoder = (bytes: Uint8Array, limits: { maxOutputLength: number }) => Promise<Buffer>;

const inflateZlib: Decoder = promisify(inflate);
const inflateBare: Decoder = promisify(inflateRaw);
const decodeGzip: Decoder = promisify(gunzip);

const decodeDeflate: Decoder = (bytes, limits) =>
  (hasZlibHeader(bytes) ? inflateZlib : inflateBare)(bytes, limits);

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', decodeGzip],
  ['x-gzip', decodeGzip],
  ['deflate', decodeDeflate],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

/** The bytes of a body, or why they are not to be had. */
type Decoded =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: FetchFailure; readonly detail: string };

/**
 * Undoes the content codings of a body (RFC 9110, section 8.4), bounded in what comes out. A coding
 * that is unknown, or that was announced and not applied, is passed over where the bytes can be read
 * without it: servers name charsets, storage formats and compressions that a proxy has undone.
 */
export async function decodeBody(outcome: Body, maxBytes: number): Promise<FetchOutcome> {
  if (outcome.headers['content-encoding'] === undefined) return outcome;
  const decoded = await undo(contentCodings(outcome.headers), outcome.body, maxBytes);
  if (decoded.kind === 'failed') return failed(outcome, decoded.reason, decoded.detail);
  return decoded.bytes === outcome.body ? outcome : { ...outcome, body: decoded.bytes };
}

async function undo(
  codings: readonly string[],
  body: Uint8Array,
  maxBytes: number,
): Promise<Decoded> {
  let bytes = body;
  let unknown: string | undefined;
  for (const coding of codings) {
    const decoder = DECODERS.get(coding);
    if (decoder === undefined) {
      unknown ??= coding;
      continue;
    }
    const decoded = await apply(coding, decoder, bytes, maxBytes);
    if (decoded.kind === 'failed') return decoded;
    bytes = decoded.bytes;
  }
  if (unknown === undefined || isReadable(bytes)) return { kind: 'bytes', bytes };
  return { kind: 'failed', reason: 'bad-encoding', detail: `unknown: ${unknown.slice(0, 40)}` };
}

async function apply(
  coding: string,
  decoder: Decoder,
  bytes: Uint8Array,
  maxBytes: number,
): Promise<Decoded> {
  try {
    const decoded = await decoder(bytes, { maxOutputLength: maxBytes });
    const isTwice = decoder === decodeGzip && isGzip(decoded);
    return { kind: 'bytes', bytes: isTwice ? await decodeAgain(decoded, maxBytes) : decoded };
  } catch (error) {
    const { reason, detail } = judge(error);
    // One that was cut begins as its coding does, and that is neither a picture nor text.
    if (reason !== 'too-large' && isReadable(bytes)) return { kind: 'bytes', bytes };
    return { kind: 'failed', reason, detail: `${coding}: ${detail}` };
  }
}

/** Compressed by the site and by what stands before it, and announced once. */
async function decodeAgain(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await decodeGzip(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    // A file that is compressed itself and cut, which is for its reader to find out.
    if (judge(error).reason !== 'too-large') return bytes;
    throw error;
  }
}

function isGzip([first, second, method]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b && method === 8;
}

function judge(error: unknown): { readonly reason: FetchFailure; readonly detail: string } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ERR_BUFFER_TOO_LARGE') return { reason: 'too-large', detail };
  // zlib's word for a stream that ends before its end.
  if (/unexpected end/i.test(detail)) return { reason: 'truncated', detail };
  return { reason: 'bad-encoding', detail };
}

function failed(
  { httpStatus, headers, release }: Body,
  reason: FetchFailure,
  detail: string,
): FetchOutcome {
  release();
  return { kind: 'failed', reason, detail, httpStatus, contentType: headers['content-type'] };
}
