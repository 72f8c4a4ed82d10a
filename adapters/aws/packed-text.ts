import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Most bytes of a text: some times what any item can hold. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Measured with 98 results: smaller than level 3, gzip or Brotli make them, and faster. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** A text as it is kept: URLs of one host are a tenth as long then. */
export function pack(text: string): Buffer {
  return gzipSync(text);
}

/** The text; empty when the bytes are not packed text, which is as good as not kept. */
export function unpack(packed: Uint8Array): string {
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_BYTES }).toString();
  } catch {
    return '';
  }
}

/** Lines as they are kept; no Buffer, which JSON.stringify would turn into an array of numbers. */
export function packLines(lines: readonly string[]): Uint8Array {
  const { buffer, byteOffset, length } = zstdCompressSync(lines.join('\n'), ZSTD);
  return new Uint8Array(buffer, byteOffset, length);
}

/** The lines. Throws where the bytes are damaged: what is settled must not be taken for open. */
export function unpackLines(packed: Uint8Array): readonly string[] {
  return zstdDecompressSync(packed, { maxOutputLength: MAX_BYTES }).toString().split('\n');
}
