import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import type { FetchFailure, FetchOutcome } from '../../core/ports/fetcher.ts';

type Body = Extract<FetchOutcome, { kind: 'body' }>;
type Decoder = (bytes: Uint8Array, limits: { maxOutputLength: number }) => Promise<Buffer>;

const inflateZlib: Decoder = promisify(inflate);
const inflateBare: Decoder = promisify(inflateRaw);

/** Some servers leave the zlib wrapper out, and browsers take both (RFC 9110, section 8.4.1.2). */
const decodeDeflate: Decoder = (bytes, limits) => {
  const [header = 8] = bytes;
  const wrapped = (header & 0x0f) === 8;
  return (wrapped ? inflateZlib : inflateBare)(bytes, limits);
};

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', decodeDeflate],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

/** Undoes the content codings of a body (RFC 9110, section 8.4), bounded in what comes out. */
export async function decodeBody(outcome: Body, maxBytes: number): Promise<FetchOutcome> {
  const codings = (outcome.headers['content-encoding'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  let body = outcome.body;
  for (const coding of codings.toReversed()) {
    const decoder = DECODERS.get(coding);
    if (decoder === undefined)
      return failed(outcome, 'bad-encoding', `unknown: ${coding.slice(0, 40)}`);
    try {
      body = await decoder(body, { maxOutputLength: maxBytes });
    } catch (error) {
      const { reason, detail } = judge(error);
      return failed(outcome, reason, `${coding}: ${detail}`);
    }
  }
  return codings.length === 0 ? outcome : { ...outcome, body };
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
