import type { Inspection } from '../../core/ports/images.ts';
import { BrokenImage } from './broken-image.ts';
import { ByteReader } from './byte-reader.ts';
import { bmp } from './formats/bmp.ts';
import { gif } from './formats/gif.ts';
import { heif } from './formats/heif.ts';
import { ico } from './formats/ico.ts';
import { jp2 } from './formats/jp2.ts';
import { jpeg } from './formats/jpeg.ts';
import { jxl } from './formats/jxl.ts';
import { png } from './formats/png.ts';
import { svg } from './formats/svg.ts';
import { tiff } from './formats/tiff.ts';
import { webp } from './formats/webp.ts';
import type { ImageFormat, Shape } from './image-format.ts';
import { embeddedRights } from './rights/embedded-rights.ts';
import { whatElse } from './what-else.ts';

/** Those that are met most often first; no two of them begin alike. */
const FORMATS: readonly ImageFormat[] = [jpeg, png, webp, gif, heif, tiff, bmp, ico, jxl, jp2, svg];

/** No format can store a longer side. */
const MOST_SIDE = 2 ** 32 - 1;

/**
 * Format, size and more off the bytes, whatever their name; or what is wrong with them. A file is walked
 * from its beginning to its end without decoding a pixel: one that is cut or damaged is found out as far
 * as the structure of its format tells. Never throws; takes time linear in the length.
 */
export function inspectImage(bytes: Uint8Array): Inspection {
  const file = new ByteReader(bytes);
  for (const { recognise, read } of FORMATS) {
    const format = recognise(file);
    if (format !== undefined) return inspectAs(format, bytes, read);
  }
  return { kind: 'not-an-image', detail: whatElse(bytes) };
}

function inspectAs(format: string, bytes: Uint8Array, read: ImageFormat['read']): Inspection {
  try {
    const shape = read(new ByteReader(bytes));
    const facts = { format, ...factsOf(shape) };
    const rights = embeddedRights(shape.embedded ?? []);
    return rights.length === 0 ? { kind: 'image', facts } : { kind: 'image', facts, rights };
  } catch (error) {
    if (error instanceof BrokenImage) return { kind: 'corrupt', format, detail: error.message };
    throw error;
  }
}

/** What goes without saying is not said: one frame, upright. */
function factsOf({ width, height, frames = 1, orientation = 1 }: Shape) {
  if (!isSide(width) || !isSide(height)) throw new BrokenImage('it has no pixels');
  return {
    width,
    height,
    ...(frames > 1 && { frames }),
    ...(orientation >= 2 && orientation <= 8 && { orientation }),
  };
}

function isSide(pixels: number): boolean {
  return Number.isInteger(pixels) && pixels >= 1 && pixels <= MOST_SIDE;
}
