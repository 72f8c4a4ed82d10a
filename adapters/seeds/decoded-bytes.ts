import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** How the bytes of a list are written. */
export interface Encoding {
  readonly gzip: boolean;
  /** UTF-8 when absent. */
  readonly charset?: 'utf-16le' | 'utf-16be';
}

/** The bytes of a list unpacked and in UTF-8. Rejects when a gzip is cut or damaged. */
export async function* decodedBytes(
  bytes: Readable,
  { gzip, charset }: Encoding,
): AsyncGenerator<Buffer> {
  const plain: AsyncIterable<Buffer> = gzip
    ? pipeline(bytes, createGunzip(), toldByReading)
    : bytes;
  if (charset === undefined) {
    yield* plain;
    return;
  }
  const decoder = new TextDecoder(charset);
  for await (const chunk of plain) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

/** Bytes without the first ones. */
export async function* withoutFirst(
  count: number,
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of bytes) {
    if (left < chunk.length) yield left > 0 ? chunk.subarray(left) : chunk;
    left = Math.max(0, left - chunk.length);
  }
}

/** An error anywhere in a pipeline destroys its last stream, and whoever reads that one is told. */
function toldByReading(): void {}
