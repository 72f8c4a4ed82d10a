import type { ByteReader } from './byte-reader.ts';
import { type Embedded, MAX_EMBEDDED_BYTES } from './embedded.ts';

const APPLICATION = 0xff;
/** Introducer, label, length and name of an application extension. */
const HEAD = 14;

/** The metadata of an application extension of a GIF, which begins at `at` and ends before `end`. */
export function gifMetadata(file: ByteReader, at: number, end: number): Embedded | undefined {
  if (file.u8(at + 1) !== APPLICATION || end - at <= HEAD) return undefined;
  // XMP is written as it is, with a trailer that ends any chain of sub-blocks (XMP part 3, section 1.1.2).
  if (file.is(at + 3, 'XMP DataXMP'))
    return {
      kind: 'xmp',
      bytes: file.bytes(at + HEAD, Math.min(end - at - HEAD, MAX_EMBEDDED_BYTES)),
    };
  if (file.is(at + 3, 'C2PA_GIF')) return { kind: 'jumbf', bytes: subBlocks(file, at + HEAD, end) };
  return undefined;
}

function subBlocks(file: ByteReader, from: number, end: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let left = MAX_EMBEDDED_BYTES;
  for (let at = from; at < end && left > 0; ) {
    const length = file.u8(at);
    if (length === 0) break;
    parts.push(file.bytes(at + 1, length));
    left -= length;
    at += 1 + length;
  }
  return Buffer.concat(parts);
}
