import { boxMetadata } from '../box-metadata.ts';
import { boxes } from '../boxes.ts';
import { BrokenImage } from '../broken-image.ts';
import { ByteReader } from '../byte-reader.ts';
import type { Embedded } from '../embedded.ts';
import type { ImageFormat, Shape } from '../image-format.ts';

const CONTAINER = '\0\0\0\x0cJXL \r\n\x87\n';
const CODESTREAM = '\xff\x0a';

/** More than signature, size and orientation take. */
const HEAD_BYTES = 32;

/** Width by height, by the number of a ratio (ISO/IEC 18181-1, SizeHeader); 0 stands for none. */
const RATIOS: Readonly<Record<number, readonly [number, number]>> = {
  1: [1, 1],
  2: [12, 10],
  3: [4, 3],
  4: [3, 2],
  5: [16, 9],
  6: [5, 4],
  7: [2, 1],
};

/**
 * JPEG XL, bare or in a container. The codestream does not tell its own length: a bare one that was cut
 * behind its header passes for whole, and so does the last box of a container that is "as long as the file".
 */
export const jxl: ImageFormat = {
  recognise: (file) => (file.is(0, CODESTREAM) || file.is(0, CONTAINER) ? 'jxl' : undefined),
  read(file) {
    if (file.is(0, CODESTREAM)) return readCodestream(file);
    const { head, embedded } = readContainer(file);
    return { ...readCodestream(head), embedded };
  },
};

/** The beginning of the codestream, which may lie in one box or be dealt out to many, and the metadata. */
function readContainer(file: ByteReader) {
  const head: Buffer[] = [];
  const embedded: Embedded[] = [];
  let [needed, isWhole] = [HEAD_BYTES, false];
  for (const box of boxes(file)) {
    const { type, from, to } = box;
    const metadata = boxMetadata(file, box);
    if (metadata !== undefined) embedded.push(metadata);
    // The first bit of a part's number marks the last part.
    if (type === 'jxlc' || (type === 'jxlp' && file.u32(from) >= 2 ** 31)) isWhole = true;
    const at = type === 'jxlp' ? from + 4 : from;
    if ((type !== 'jxlc' && type !== 'jxlp') || needed <= 0 || at >= to) continue;
    const bytes = file.bytes(at, Math.min(needed, to - at));
    head.push(bytes);
    needed -= bytes.length;
  }
  if (!isWhole) throw new BrokenImage('the last part of its picture is missing');
  return { head: new ByteReader(Buffer.concat(head)), embedded };
}

function readCodestream(codestream: ByteReader): Shape {
  if (!codestream.is(0, CODESTREAM)) throw new BrokenImage('its picture has no signature');
  const bits = new BitReader(codestream, CODESTREAM.length);
  const isSmall = bits.take(1) === 1;
  const height = readSide(bits, isSmall);
  const ratio = RATIOS[bits.take(3)];
  const width =
    ratio === undefined ? readSide(bits, isSmall) : Math.floor((height * ratio[0]) / ratio[1]);
  return { width, height, orientation: readOrientation(bits) };
}

/** Small sides are whole eights; others have as many bits as two bits in front of them say. */
function readSide(bits: BitReader, isSmall: boolean): number {
  if (isSmall) return 8 * (bits.take(5) + 1);
  return bits.take([9, 13, 18, 30][bits.take(2)] ?? 0) + 1;
}

/** ImageMetadata begins with "all defaults", then "has extra fields", the first of which this is. */
function readOrientation(bits: BitReader): number {
  if (bits.take(1) === 1 || bits.take(1) === 0) return 1;
  return bits.take(3) + 1;
}

/** Bits of a codestream, the lowest of each byte first. */
class BitReader {
  readonly #file: ByteReader;
  #at: number;

  constructor(file: ByteReader, fromByte: number) {
    this.#file = file;
    this.#at = fromByte * 8;
  }

  /** The next bits as a number, of up to 30. */
  take(count: number): number {
    let value = 0;
    for (let n = 0; n < count; n += 1, this.#at += 1)
      value |= ((this.#file.u8(this.#at >> 3) >> (this.#at & 7)) & 1) << n;
    return value;
  }
}
