import { createGunzip } from 'node:zlib';
import { MAX_INFLATED_BYTES } from './limits.ts';

/** So much comes in one chunk. */
const CHUNK_BYTES = 64 * 1024;

/** What a gzip file holds, as it is inflated. */
export interface Inflated {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Once all chunks came: whether the file is damaged, or holds more than is read. */
  readonly isCut: () => boolean;
}

/** Inflates as far as is allowed and as far as the file is sound. Never throws. */
export function inflated(bytes: Uint8Array): Inflated {
  let isCut = false;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    gunzip.end(bytes);
    let left = MAX_INFLATED_BYTES;
    try {
      for await (const chunk of gunzip) {
        if (!(chunk instanceof Uint8Array)) continue;
        yield chunk.subarray(0, left);
        left -= chunk.length;
        if (left < 0) break;
      }
      isCut = left < 0;
    } catch {
      isCut = true;
    } finally {
      gunzip.destroy();
    }
  }
  return { chunks: chunks(), isCut: () => isCut };
}
