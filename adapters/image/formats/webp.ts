import { BrokenImage } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import { type Embedded, MAX_EMBEDDED_BYTES } from '../embedded.ts';
import { exifOrientation } from '../exif-orientation.ts';
import type { ImageFormat, Shape } from '../image-format.ts';

/** Flag of VP8X (WebP container specification, "Extended file format"). */
const ANIMATION = 0x02;

const METADATA: ReadonlyMap<string, Embedded['kind']> = new Map([
  ['XMP ', 'xmp'],
  ['C2PA', 'jumbf'],
]);

interface Canvas extends Shape {
  readonly animated: boolean;
}

/** WebP: lossy, lossless, extended, animated. Bytes behind the RIFF are no part of it. */
export const webp: ImageFormat = {
  recognise: (file) => (file.is(0, 'RIFF') && file.is(8, 'WEBP') ? 'webp' : undefined),
  read(file) {
    const end = file.u32(4, true) + 8;
    file.reaches(end);
    let canvas: Canvas | undefined;
    let picture: Shape | undefined;
    let [frames, orientation] = [0, 1];
    const embedded: Embedded[] = [];
    // A chunk of odd length is padded by a byte that its length does not count.
    for (let at = 12; at + 8 <= end; ) {
      const [type, length] = [file.code(at), file.u32(at + 4, true)];
      if (at + 8 + length > end) throw new BrokenImage('a chunk is longer than the file');
      const chunk = () => file.part(at + 8, at + 8 + length);
      if (type === 'VP8 ') picture ??= readLossy(chunk());
      else if (type === 'VP8L') picture ??= readLossless(chunk());
      else if (type === 'VP8X') canvas ??= readCanvas(chunk());
      else if (type === 'ANMF') frames += 1;
      else if (type === 'EXIF') orientation = exifOrientation(chunk()) ?? 1;
      else if (METADATA.has(type)) embedded.push(readMetadata(type, chunk()));
      at += 8 + length + (length % 2);
    }
    if (canvas?.animated && frames > 0)
      return { width: canvas.width, height: canvas.height, frames, orientation, embedded };
    if (picture === undefined) throw new BrokenImage('it has no picture data');
    if (canvas !== undefined && !sameSize(canvas, picture))
      throw new BrokenImage('its picture has not the size of its canvas');
    return { ...picture, orientation, embedded };
  },
};

function readMetadata(type: string, chunk: ByteReader): Embedded {
  const bytes = chunk.bytes(0, Math.min(chunk.length, MAX_EMBEDDED_BYTES));
  return { kind: METADATA.get(type) ?? 'xmp', bytes };
}

function sameSize(one: Shape, other: Shape): boolean {
  return one.width === other.width && one.height === other.height;
}

/** RFC 6386, section 9.1: a key frame, its start code, and two sizes of 14 bits. */
function readLossy(chunk: ByteReader): Shape {
  const tag = chunk.u24(0, true);
  if ((tag & 1) !== 0 || !chunk.is(3, '\x9d\x01\x2a'))
    throw new BrokenImage('its picture does not begin with a key frame');
  chunk.reaches(10 + (tag >> 5));
  return { width: chunk.u16(6, true) & 0x3fff, height: chunk.u16(8, true) & 0x3fff };
}

/** WebP lossless bitstream, section 3: two sizes of 14 bits, each less one. */
function readLossless(chunk: ByteReader): Shape {
  if (chunk.u8(0) !== 0x2f) throw new BrokenImage('its picture has no signature');
  const bits = chunk.u32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function readCanvas(chunk: ByteReader): Canvas {
  const animated = (chunk.u8(0) & ANIMATION) !== 0;
  return { animated, width: chunk.u24(4, true) + 1, height: chunk.u24(7, true) + 1 };
}
