import { BrokenImage, unlessBroken } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Embedded } from '../embedded.ts';
import { exifOrientation } from '../exif-orientation.ts';
import type { ImageFormat, Shape } from '../image-format.ts';
import { pngMetadata } from '../png-metadata.ts';

const SIGNATURE = '\x89PNG\r\n\x1a\n';

/** PNG, section 11.2.1: bit depths by colour type. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * PNG and APNG. A file that lost its end, or a byte of a chunk that a decoder needs, is found out by
 * lengths and checksums; damage to other chunks, which decoders pass over, is let be.
 */
export const png: ImageFormat = {
  // Text-mode transfers change the end of the signature: those are damaged files, not other ones.
  recognise: (file) => (file.is(0, SIGNATURE.slice(0, 4)) ? 'png' : undefined),
  read(file) {
    if (!file.is(0, SIGNATURE)) throw new BrokenImage('its signature is damaged');
    let header: Shape | undefined;
    let [frames, orientation, animated, hasData] = [0, 1, false, false];
    const embedded: Embedded[] = [];
    for (let at = SIGNATURE.length; ; ) {
      const { type, from, end } = chunkAt(file, at);
      if (type === 'IEND') break;
      if (type === 'IHDR') header ??= readHeader(file.part(from, end));
      else if (type === 'IDAT') hasData = true;
      else if (type === 'acTL') animated ||= !hasData;
      else if (type === 'fcTL') frames += 1;
      else if (type === 'eXIf') orientation = exifOrientation(file.part(from, end)) ?? 1;
      else if (type === 'iTXt' || type === 'caBX')
        embedded.push(...readMetadata(type, file.part(from, end)));
      // Apple's own kind of PNG has a chunk in front of the header.
      if (header === undefined && type !== 'CgBI') throw new BrokenImage('it has no header');
      at = end + 4;
    }
    if (header === undefined || !hasData) throw new BrokenImage('it has no picture data');
    return { ...header, orientation, embedded, frames: animated ? frames : 1 };
  },
};

function chunkAt(file: ByteReader, at: number) {
  const from = at + 8;
  const end = from + file.u32(at);
  file.reaches(end + 4);
  const type = file.code(at + 4);
  if (!/^[A-Za-z]{4}$/.test(type)) throw new BrokenImage('it has a chunk without a name');
  // Critical chunks have a capital letter first (section 5.4).
  if (type < 'a' && file.crc32(at + 4, end) !== file.u32(end))
    throw new BrokenImage(`the checksum of its ${type} is wrong`);
  return { type, from, end };
}

/** Damage to it is let be. */
function readMetadata(type: string, chunk: ByteReader): readonly Embedded[] {
  const found = unlessBroken(() => pngMetadata(type, chunk));
  return found === undefined ? [] : [found];
}

function readHeader(header: ByteReader): Shape {
  if (header.length !== 13) throw new BrokenImage('its header has a wrong length');
  const [depth, colour] = [header.u8(8), header.u8(9)];
  if (DEPTHS[colour]?.includes(depth) !== true)
    throw new BrokenImage('its header has no colour type that there is');
  return { width: header.u32(0), height: header.u32(4) };
}
