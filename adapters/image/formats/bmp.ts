import { BrokenImage } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ImageFormat, Shape } from '../image-format.ts';

/** Lengths of the second header: OS/2 1 and 2, and Windows' versions 1 to 5. */
export const HEADERS: ReadonlySet<number> = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

/** BI_RGB, BI_BITFIELDS, BI_ALPHABITFIELDS: rows whose lengths follow from the header. */
const PLAIN: ReadonlySet<number> = new Set([0, 3, 6]);

/** Masks behind a header of 40 bytes, by compression. */
const MASK_BYTES: Readonly<Record<number, number>> = { 3: 12, 6: 16 };

const FILE_HEADER = 14;

/** A bitmap as its header tells it. */
export interface Bitmap extends Shape {
  readonly bitsPerPixel: number;
  readonly compression: number;
  /** Bytes of the pixels, where the header says so. */
  readonly dataBytes: number;
  /** Bytes of the header with masks and palette, where nothing else is before the pixels. */
  readonly headBytes: number;
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
    file.reaches(pixelsAt + pixelBytesOf(bitmap));
    return { width: bitmap.width, height: bitmap.height };
  },
};

/** The header that icons have, too. */
export function readBitmapHeader(header: ByteReader): Bitmap {
  const length = header.u32(0, true);
  if (length === 12) {
    const [width, height] = [header.u16(4, true), header.u16(6, true)];
    const bitsPerPixel = header.u16(10, true);
    const headBytes = length + 3 * coloursOf(bitsPerPixel, 0);
    return { width, height, bitsPerPixel, compression: 0, dataBytes: 0, headBytes };
  }
  // A negative height means rows from the top down.
  const [width, height] = [header.i32(4, true), Math.abs(header.i32(8, true))];
  const bitsPerPixel = header.u16(14, true);
  if (width < 0 || bitsPerPixel > 64) throw new BrokenImage('its header is damaged');
  if (length === 16) {
    const headBytes = length + 4 * coloursOf(bitsPerPixel, 0);
    return { width, height, bitsPerPixel, compression: 0, dataBytes: 0, headBytes };
  }
  const compression = header.u32(16, true);
  const palette = 4 * coloursOf(bitsPerPixel, header.u32(32, true));
  return {
    width,
    height,
    bitsPerPixel,
    compression,
    dataBytes: header.u32(20, true),
    headBytes: length + palette + (length === 40 ? (MASK_BYTES[compression] ?? 0) : 0),
  };
}

/** Colours of a palette: as many as there can be, or fewer where the header says so. */
function coloursOf(bitsPerPixel: number, used: number): number {
  if (bitsPerPixel > 8) return 0;
  const most = 2 ** bitsPerPixel;
  return used === 0 ? most : Math.min(used, most);
}

/** Least length of the pixels. Rows fill whole words; the last of them may lack its padding. */
export function pixelBytesOf({
  width,
  height,
  bitsPerPixel,
  compression,
  dataBytes,
}: Bitmap): number {
  if (!PLAIN.has(compression)) return Math.max(1, dataBytes);
  const rowBits = width * bitsPerPixel;
  return Math.ceil(rowBits / 32) * 4 * Math.max(0, height - 1) + Math.ceil(rowBits / 8);
}
