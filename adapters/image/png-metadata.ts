import { inflateSync } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { type Embedded, MAX_EMBEDDED_BYTES } from './embedded.ts';

const XMP_KEYWORD = 'XML:com.adobe.xmp\0';

/** The metadata that a chunk of a PNG holds: `caBX` of C2PA, and `iTXt` of XMP, compressed or not. */
export function pngMetadata(type: string, chunk: ByteReader): Embedded | undefined {
  if (type === 'caBX')
    return { kind: 'jumbf', bytes: chunk.bytes(0, Math.min(chunk.length, MAX_EMBEDDED_BYTES)) };
  if (type !== 'iTXt' || !chunk.is(0, XMP_KEYWORD)) return undefined;
  const flagAt = XMP_KEYWORD.length;
  // Flag, method, language and translated keyword, the latter two ended by a zero (PNG, section 11.3.3.4).
  const content = chunk.bytes(flagAt + 2, Math.min(chunk.length - flagAt - 2, MAX_EMBEDDED_BYTES));
  const textAt = content.indexOf(0, content.indexOf(0) + 1) + 1;
  const text = content.subarray(textAt);
  const bytes = chunk.u8(flagAt) === 0 ? text : inflated(text);
  return bytes === undefined ? undefined : { kind: 'xmp', bytes };
}

function inflated(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_EMBEDDED_BYTES });
  } catch {
    return undefined;
  }
}
