import { unlessBroken } from './broken-image.ts';
import type { ByteReader } from './byte-reader.ts';
import { readTiffLayout, TiffDirectory } from './tiff-directory.ts';

const ORIENTATION = 0x0112;
const WANTED: ReadonlySet<number> = new Set([ORIENTATION]);

/** Some writers put the mark of a JPEG's segment before the block in other formats, too. */
const PREFIX = 'Exif\0\0';

/** Orientation, 1 to 8, of an EXIF block; undefined when it has none, or is broken: the picture is not. */
export function exifOrientation(block: ByteReader): number | undefined {
  return unlessBroken(() => {
    const tiff = block.is(0, PREFIX) ? block.part(PREFIX.length) : block;
    const layout = readTiffLayout(tiff);
    if (layout === undefined) return undefined;
    return asOrientation(
      new TiffDirectory(tiff, layout.firstAt, layout, WANTED).number(ORIENTATION),
    );
  });
}

function asOrientation(value: number | undefined): number | undefined {
  return value !== undefined && value >= 1 && value <= 8 ? value : undefined;
}
