import { BrokenImage } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Embedded } from '../embedded.ts';
import { gifMetadata } from '../gif-metadata.ts';
import type { ImageFormat } from '../image-format.ts';

/** GIF89a, appendix A. */
const [PADDING, EXTENSION, IMAGE, TRAILER] = [0x00, 0x21, 0x2c, 0x3b];

/**
 * GIF. Some programs leave out the trailer, and a file that was cut ends right behind a picture by the
 * rarest of chances: so that is a whole file, and one that ends anywhere else is not.
 */
export const gif: ImageFormat = {
  recognise: (file) => (file.is(0, 'GIF87a') || file.is(0, 'GIF89a') ? 'gif' : undefined),
  read(file) {
    const screen = sizeAt(file, 6);
    let at = 13 + tableBytes(file.u8(10));
    let [frames, first] = [0, screen];
    const embedded: Embedded[] = [];
    for (let isBehindImage = false; !(isBehindImage && at === file.length); ) {
      const block = file.u8(at);
      if (block === TRAILER) break;
      isBehindImage = block === IMAGE; // and not behind padding: files with holes end in zeros
      if (block === IMAGE) {
        if (frames === 0) first = sizeAt(file, at + 5);
        frames += 1;
        at = blocksEnd(file, at + 11 + tableBytes(file.u8(at + 9)));
      } else if (block === EXTENSION) {
        const end = blocksEnd(file, at + 2);
        const found = gifMetadata(file, at, end);
        if (found !== undefined) embedded.push(found);
        at = end;
      } else if (block === PADDING) at += 1;
      else throw new BrokenImage('it has a block of no known kind');
    }
    if (frames === 0) throw new BrokenImage('it has no picture data');
    // A screen without an area is as large as the first picture on it, browsers say.
    return { ...(screen.width === 0 || screen.height === 0 ? first : screen), frames, embedded };
  },
};

function sizeAt(file: ByteReader, at: number) {
  return { width: file.u16(at, true), height: file.u16(at + 2, true) };
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Behind a chain of sub-blocks, which an empty one ends. */
function blocksEnd(file: ByteReader, from: number): number {
  let at = from;
  for (let length = file.u8(at); length !== 0; length = file.u8(at)) at += 1 + length;
  return at + 1;
}
