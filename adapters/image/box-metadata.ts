import { brotliDecompressSync } from 'node:zlib';
import type { Box } from './boxes.ts';
import type { ByteReader } from './byte-reader.ts';
import { type Embedded, MAX_EMBEDDED_BYTES } from './embedded.ts';

/** UUID of the box of C2PA in files of the ISO base media format. */
const C2PA_UUID = '\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81';
/** UUID of the box of XMP in JPEG 2000 (XMP part 3, section 1.1.4). */
const XMP_UUID = '\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac';
/** Flags of a full box, the word `manifest` and an offset come before the boxes of C2PA. */
const C2PA_HEAD = 4 + 'manifest\0'.length + 8;

/** The metadata that a box at the top of a file holds: XMP, C2PA, or one of them compressed by brotli. */
export function boxMetadata(file: ByteReader, { type, from, to }: Box): Embedded | undefined {
  if (type === 'xml ') return { kind: 'xmp', bytes: cut(file, from, to) };
  if (type === 'jumb') return { kind: 'jumbf', bytes: cut(file, from - 8, to) };
  if (type === 'uuid' && file.is(from, XMP_UUID))
    return { kind: 'xmp', bytes: cut(file, from + 16, to) };
  if (type === 'uuid' && file.is(from, C2PA_UUID))
    return { kind: 'jumbf', bytes: cut(file, from + 16 + C2PA_HEAD, to) };
  if (type === 'brob' && to - from > 4) return compressed(file, from, to);
  return undefined;
}

/** JPEG XL, section "brob": the type of the box inside, then its content. */
function compressed(file: ByteReader, from: number, to: number): Embedded | undefined {
  const kind = KINDS.get(file.code(from));
  if (kind === undefined) return undefined;
  try {
    const content = brotliDecompressSync(cut(file, from + 4, to), {
      maxOutputLength: MAX_EMBEDDED_BYTES,
    });
    return { kind, bytes: kind === 'xmp' ? content : asBox(content) };
  } catch {
    return undefined;
  }
}

const KINDS: ReadonlyMap<string, Embedded['kind']> = new Map([
  ['xml ', 'xmp'],
  ['jumb', 'jumbf'],
]);

/** The head of the box is not compressed along. */
function asBox(content: Buffer): Buffer {
  const head = Buffer.from('\0\0\0\0jumb', 'latin1');
  head.writeUInt32BE(content.length + head.length);
  return Buffer.concat([head, content]);
}

function cut(file: ByteReader, from: number, to: number): Buffer {
  return file.bytes(from, Math.max(0, Math.min(to - from, MAX_EMBEDDED_BYTES)));
}
