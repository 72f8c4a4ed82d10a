import { BrokenImage } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ImageFormat, Shape } from '../image-format.ts';

/** Lengths of the second header: OS/2 1 and 2, and Windows' versions 1 to 5. */
const HEADERS: ReadonlySet<number> = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

/** BI_RGB, BI_BITFIELDS, BI_ALPHABITFIELDS: rows whose lengths follow from the header. */
const PLAIN: ReadonlySet<number> = new Set([0, 3, 6]);

const FILE_HEADER = 14;

interface Bitmap extends Shape {
  readonly bitsPerPixel: number;
  readonly compression: number;
  /** Bytes of the pixels, where the header says so. */
  readonly dataBytes: number;
}

/**
 * BMP of Windows and OS/2. "BM" alone would be many a text, so the length of the second header counts
 * as signature too. The file's own length field is often wrong and not looked at.
 */
export const bmp: ImageFormat = {
  recognise: (file) =>
    file.is(0, 'BM') && file.length >= 18 && HEADERS.has(file.u32(14, true)) ? 'bmp' : undefined,
  read(file) {
    const bitmap = readBitmapHeader(file.part(FILE_HEADER));
    const pixelsAt = Math.max(file.u32(10, true), FILE_HEADER + file.u32(14, true));
    file.reaches(pixelsAt + bytesOf(bitmap));
    return { width: bitmap.width, height: bitmap.height };
  },
};

/** The header that icons have, too. */
export function readBitmapHeader(header: ByteReader): Bitmap {
  const length = header.u32(0, true);
  if (length === 12) {
    const [width, height] = [header.u16(4, true), header.u16(6, true)];
    return { width, height, bitsPerPixel: header.u16(10, true), compression: 0, dataBytes: 0 };
  }
  // A negative height means rows from the top down.
  const [width, height] = [header.i32(4, true), Math.abs(header.i32(8, true))];
  const bitsPerPixel = header.u16(14, true);
  if (width < 0 || bitsPerPixel > 64) throw new BrokenImage('its header is damaged');
  if (length === 16) return { width, height, bitsPerPixel, compression: 0, dataBytes: 0 };
  return {
    ...{ width, height, bitsPerPixel },
    ...{ compression: header.u32(16, true), dataBytes: header.u32(20, true) },
  };
}

/** Least length of the pixels. Rows fill whole words; the last of them may lack its padding. */
function bytesOf({ width, height, bitsPerPixel, compression, dataBytes }: Bitmap): number {
  if (!PLAIN.has(compression)) return Math.max(1, dataBytes);
  const rowBits = width * bitsPerPixel;
  return Math.ceil(rowBits / 32) * 4 * Math.max(0, height - 1) + Math.ceil(rowBits / 8);
}
