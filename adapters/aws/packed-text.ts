import { gunzipSync, gzipSync } from 'node:zlib';

/** Most bytes of a text: some times what any item can hold. */
const MAX_BYTES = 8 * 1024 * 1024;

/** A text as it is kept: URLs of one host are a tenth as long then. */
export function pack(text: string): Buffer {
  return gzipSync(text);
}

/** The text; empty when the bytes are none, which is as good as not kept. */
export function unpack(packed: Uint8Array): string {
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_BYTES }).toString();
  } catch {
    return '';
  }
}
