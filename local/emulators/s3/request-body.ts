import type { IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import { AwsError } from '../aws-error.ts';
import { headerOf } from './s3-request.ts';

const CRC32 = 'x-amz-checksum-crc32';
const STREAMED = /^STREAMING-/;
/** Longest line between chunks, in bytes. */
const MAX_LINE = 16 * 1024;

/**
 * The bytes of an object that a request brings, as they come. A client that streams sends them in
 * chunks with their lengths, and their checksum at the end (S3, "Uploading with trailing
 * checksums"). @throws AwsError when they are not those of the checksum
 */
export async function* requestBody(request: IncomingMessage): AsyncGenerator<Buffer> {
  const isChunked = STREAMED.test(headerOf(request, 'x-amz-content-sha256') ?? '');
  const trailers = new Map<string, string>();
  let checksum = 0;
  for await (const bytes of isChunked ? chunksOf(request, trailers) : request) {
    checksum = crc32(bytes, checksum);
    yield bytes;
  }
  const expected = trailers.get(CRC32) ?? headerOf(request, CRC32);
  const found = Buffer.alloc(4);
  found.writeUInt32BE(checksum);
  if (expected !== undefined && expected !== found.toString('base64'))
    throw new AwsError(
      'BadDigest',
      'The CRC32 you specified did not match the calculated checksum.',
    );
}

/** Takes the lengths out, and notes what comes after the last chunk. */
async function* chunksOf(
  request: IncomingMessage,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  let left = 0;
  let state: 'length' | 'data' | 'end' | 'trailers' = 'length';
  let line = '';
  for await (const bytes of request) {
    if (!Buffer.isBuffer(bytes)) continue;
    for (let at = 0; at < bytes.length; ) {
      if (state === 'data') {
        const part = bytes.subarray(at, at + left);
        yield part;
        at += part.length;
        left -= part.length;
        if (left === 0) state = 'end';
        continue;
      }
      const end = bytes.indexOf('\n', at);
      line += bytes.toString('latin1', at, end === -1 ? bytes.length : end);
      if (line.length > MAX_LINE) throw malformed();
      if (end === -1) break;
      at = end + 1;
      const text = line.trim();
      line = '';
      if (state === 'end') state = 'length';
      else if (state === 'trailers') noteTrailer(text, trailers);
      else {
        left = lengthOf(text);
        state = left === 0 ? 'trailers' : 'data';
      }
    }
  }
  if (state !== 'trailers') throw malformed();
}

/** `a4;chunk-signature=…`: signatures are looked at nowhere here. */
function lengthOf(line: string): number {
  const [, length] = /^([0-9a-f]{1,8})(;|$)/i.exec(line) ?? [];
  if (length === undefined) throw malformed();
  return Number.parseInt(length, 16);
}

function noteTrailer(line: string, trailers: Map<string, string>): void {
  const colon = line.indexOf(':');
  if (colon > 0) trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
}

function malformed(): AwsError {
  return new AwsError('IncompleteBody', 'The request body is not the chunks that it says it is.');
}
