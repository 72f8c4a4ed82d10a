import { BrokenImage, CutImage } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ImageFormat, Shape } from '../image-format.ts';
import { type Bitmap, HEADERS, pixelBytesOf, readBitmapHeader } from './bmp.ts';
import { png } from './png.ts';

const KINDS: Readonly<Record<number, string>> = { 1: 'ico', 2: 'cur' };

/** What tells a PNG from a bitmap, at least. */
const LEAST_BYTES = 8;

/** What the directory says of a picture. */
interface Entry extends Shape {
  readonly from: number;
  /** Often wrong: 0, or more than there is. */
  readonly length: number;
}

/**
 * Icons and cursors; the size is that of the largest picture. It is read off the pictures, since the
 * directory has a byte for each side, 0 standing for 256 and whatever is more. Of several pictures
 * some may be broken, as in browsers, but none may be cut by the end of the file.
 */
export const ico: ImageFormat = {
  // A TGA begins with the same four bytes as a cursor, and with no count.
  recognise: (file) =>
    file.length >= 6 && file.u16(0) === 0 && file.u16(4, true) > 0
      ? KINDS[file.u16(2, true)]
      : undefined,
  read(file) {
    const entries = entriesOf(file);
    const endIsMissing = reachBehind(entries, file);
    let largest: Shape | undefined;
    let fault: BrokenImage | undefined;
    for (const entry of entries) {
      try {
        const picture = readPicture(file, entry);
        if (largest === undefined || areaOf(picture) > areaOf(largest)) largest = picture;
      } catch (error) {
        if (!(error instanceof BrokenImage) || isCut(error, entry, file, endIsMissing)) throw error;
        fault ??= error;
      }
    }
    if (largest === undefined) throw fault ?? new BrokenImage('it has no picture');
    return largest;
  },
};

function areaOf({ width, height }: Shape): number {
  return width * height;
}

/** One for each place in the file: more would be the same picture again. */
function entriesOf(file: ByteReader): readonly Entry[] {
  const entries = new Map<number, Entry>();
  const end = 6 + 16 * file.u16(4, true);
  file.reaches(end);
  for (let at = 6; at < end; at += 16) {
    const from = file.u32(at + 12, true);
    if (entries.has(from)) continue;
    const [width, height] = [file.u8(at) || 256, file.u8(at + 1) || 256];
    entries.set(from, { width, height, length: file.u32(at + 8, true), from });
  }
  return [...entries.values()];
}

/** Whether a picture that begins in the file ends behind it, by the directory. */
function reachBehind(entries: readonly Entry[], file: ByteReader): boolean {
  return entries.some(({ from, length }) => from <= file.length && from + length > file.length);
}

/** A picture that lies behind the end was never there, unless the end of the file is missing. */
function isCut(
  fault: BrokenImage,
  { from }: Entry,
  file: ByteReader,
  endIsMissing: boolean,
): boolean {
  return fault instanceof CutImage && (from <= file.length || endIsMissing);
}

/** A PNG, or a bitmap without its file header and with a mask as high as the picture. */
function readPicture(file: ByteReader, entry: Entry): Shape {
  if (entry.from < 6 + 16 * file.u16(4, true))
    throw new BrokenImage('a picture lies in its directory');
  const picture = file.part(entry.from);
  picture.reaches(LEAST_BYTES);
  if (picture.is(0, '\x89PNG')) {
    const { width, height } = png.read(picture);
    return { width, height };
  }
  if (!HEADERS.has(picture.u32(0, true))) throw new BrokenImage('a picture of it is damaged');
  return readBitmap(picture, entry);
}

function readBitmap(picture: ByteReader, entry: Entry): Shape {
  const header = readBitmapHeader(picture);
  const bitmap = { ...header, height: heightOf(header, entry) };
  const pixelsEnd = bitmap.headBytes + pixelBytesOf(bitmap);
  const maskBytes = Math.ceil(bitmap.width / 32) * 4 * (header.height - bitmap.height);
  // The mask is needed where the directory counts it.
  picture.reaches(Math.max(pixelsEnd, Math.min(entry.length, pixelsEnd + maskBytes)));
  return { width: bitmap.width, height: bitmap.height };
}

/** Picture and mask count as one height, but for writers that know of no mask. */
function heightOf({ width, height }: Bitmap, entry: Entry): number {
  const isSingle = width === entry.width && height === entry.height;
  return isSingle ? height : Math.floor(height / 2);
}
