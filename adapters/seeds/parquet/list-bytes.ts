import type { AsyncBuffer } from 'hyparquet';
import type { OpenList } from '../open-list.ts';

/** A list of which any part can be read: one request for each part. */
export function listBytes(open: OpenList, location: string, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      if (start >= end) return new ArrayBuffer(0);
      const { bytes } = await open(location, start, end);
      const part = new Uint8Array(end - start);
      let length = 0;
      for await (const chunk of bytes) {
        part.set(chunk, length);
        length += chunk.length;
      }
      if (length < part.length) throw new Error(`${location} is shorter than it was`);
      return part.buffer;
    },
  };
}
