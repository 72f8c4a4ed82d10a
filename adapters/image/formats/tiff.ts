import { BrokenImage, unlessBroken } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import { type Embedded, MAX_EMBEDDED_BYTES } from '../embedded.ts';
import type { ImageFormat, Shape } from '../image-format.ts';
import { readTiffLayout, TiffDirectory } from '../tiff-directory.ts';

/** TIFF 6.0, section 8, and TIFF's technical note 2. */
const TAG = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  stripOffsets: 273,
  orientation: 274,
  stripBytes: 279,
  tileOffsets: 324,
  tileBytes: 325,
  jpegAt: 513,
  jpegBytes: 514,
  xmp: 700,
  c2pa: 52_545,
} as const;

const WANTED: ReadonlySet<number> = new Set(Object.values(TAG));

/** Where pixels are, and how many bytes of them. */
const DATA = [
  [TAG.stripOffsets, TAG.stripBytes],
  [TAG.tileOffsets, TAG.tileBytes],
  [TAG.jpegAt, TAG.jpegBytes],
] as const;

/** Bits of NewSubfileType: a smaller copy of another page, and a mask. */
const NO_PAGE = 0b101;

/** TIFF and BigTIFF in both byte orders. Frames are pages; smaller copies and masks are not frames. */
export const tiff: ImageFormat = {
  recognise: (file) => (readTiffLayout(file) === undefined ? undefined : 'tiff'),
  read(file) {
    const layout = readTiffLayout(file);
    if (layout === undefined) throw new BrokenImage('it has no header');
    let shape: Shape | undefined;
    let frames = 0;
    const embedded: Embedded[] = [];
    const seen = new Set<number>();
    for (let at = layout.firstAt; at !== 0; ) {
      if (seen.has(at)) throw new BrokenImage('its pages go round in a circle');
      seen.add(at);
      const page = new TiffDirectory(file, at, layout, WANTED);
      shape ??= shapeOf(page);
      embedded.push(...metadataOf(page));
      page.checkValues();
      checkData(file, page);
      if (((page.number(TAG.newSubfileType) ?? 0) & NO_PAGE) === 0) frames += 1;
      at = page.nextAt();
    }
    if (shape === undefined) throw new BrokenImage('it has no page');
    return { ...shape, frames, embedded };
  },
};

/** XMP (XMP part 3, section 1.1.4.1) and C2PA. */
function metadataOf(page: TiffDirectory): readonly Embedded[] {
  const [xmp, c2pa] = [TAG.xmp, TAG.c2pa].map((tag) => page.bytes(tag, MAX_EMBEDDED_BYTES));
  const found: Embedded[] = [];
  if (xmp !== undefined) found.push({ kind: 'xmp', bytes: xmp });
  if (c2pa !== undefined) found.push({ kind: 'jumbf', bytes: c2pa });
  return found;
}

function shapeOf(page: TiffDirectory): Shape {
  return {
    width: page.number(TAG.width) ?? 0,
    height: page.number(TAG.height) ?? 0,
    // A picture can do without it, and with one that is no whole number.
    orientation: unlessBroken(() => page.number(TAG.orientation)),
  };
}

/** Every strip or tile must lie in the file. Old files lack the lengths; those are not known to be cut. */
function checkData(file: ByteReader, page: TiffDirectory): void {
  if (DATA.every(([offsets]) => page.count(offsets) === 0))
    throw new BrokenImage('a page has no picture data');
  for (const [offsets, lengths] of DATA)
    for (let n = 0; n < page.count(offsets); n += 1)
      file.reaches((page.number(offsets, n) ?? 0) + (page.number(lengths, n) ?? 0));
}
