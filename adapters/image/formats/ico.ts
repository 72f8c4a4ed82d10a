import { BrokenImage } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ImageFormat, Shape } from '../image-format.ts';
import { readBitmapHeader } from './bmp.ts';

const KINDS: Readonly<Record<number, string>> = { 1: 'ico', 2: 'cur' };

/**
 * Icons and cursors; the size is that of the largest picture. It is read off the pictures, since the
 * directory has a byte for each side, 0 standing for 256 and whatever is more.
 */
export const ico: ImageFormat = {
  // A TGA begins with the same four bytes as a cursor, and with no count.
  recognise: (file) =>
    file.length >= 6 && file.u16(0) === 0 && file.u16(4, true) > 0
      ? KINDS[file.u16(2, true)]
      : undefined,
  read(file) {
    const count = file.u16(4, true);
    let largest: Shape = { width: 0, height: 0 };
    for (let at = 6; at < 6 + 16 * count; at += 16) {
      const [length, from] = [file.u32(at + 8, true), file.u32(at + 12, true)];
      if (from < 6 + 16 * count) throw new BrokenImage('a picture lies in its directory');
      const entry = readEntry(file.part(from, from + length));
      if (entry.width * entry.height > largest.width * largest.height) largest = entry;
    }
    return largest;
  },
};

/** A whole PNG, or a bitmap without its file header and with a mask as high as the picture. */
function readEntry(entry: ByteReader): Shape {
  if (entry.is(0, '\x89PNG')) return { width: entry.u32(16), height: entry.u32(20) };
  const { width, height } = readBitmapHeader(entry);
  return { width, height: Math.floor(height / 2) };
}
