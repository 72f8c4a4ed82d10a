import { boxMetadata } from '../box-metadata.ts';
import { boxes, firstBoxes } from '../boxes.ts';
import { BrokenImage } from '../broken-image.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Embedded } from '../embedded.ts';
import { checkItemsAreThere, META_PARTS, readPrimaryItem } from '../heif-items.ts';
import { readPictureTrack } from '../heif-track.ts';
import type { ImageFormat, Shape } from '../image-format.ts';
import { scannedXmp } from '../scanned-xmp.ts';

/** Brands of pictures, and the formats that people call them. */
const FORMATS: Readonly<Record<string, string>> = {
  avif: 'avif',
  avis: 'avif',
  heic: 'heic',
  heix: 'heic',
  heim: 'heic',
  heis: 'heic',
  hevc: 'heic',
  hevx: 'heic',
  hevm: 'heic',
  hevs: 'heic',
  mif1: 'heif',
  mif2: 'heif',
  msf1: 'heif',
  // Other codecs in the same container: JPEG, JPEG 2000, AVC, VVC, EVC.
  jpeg: 'heif',
  jpgs: 'heif',
  j2ki: 'heif',
  j2is: 'heif',
  avci: 'heif',
  avcs: 'heif',
  vvic: 'heif',
  vvis: 'heif',
  evbi: 'heif',
  evbs: 'heif',
};

/** Names of one codec say more than the brand of the container. */
const BEST_FIRST = ['avif', 'heic', 'heif'];

/** Brands of sequences. */
const SEQUENCES: ReadonlySet<string> = new Set([
  'avis',
  'msf1',
  'hevc',
  'hevx',
  'hevm',
  'hevs',
  'jpgs',
  'j2is',
  'avcs',
  'vvis',
  'evbs',
]);

/** Brands that are looked at: files name a handful. */
const MOST_BRANDS = 64;

/**
 * HEIF in all its brands, AVIF among them: size and orientation of the primary item, whether it is coded
 * in one piece or as a grid, and never of a thumbnail. In a sequence also the frames of its track.
 */
export const heif: ImageFormat = {
  recognise(file) {
    const formats = new Set(brandsOf(file).map((brand) => FORMATS[brand]));
    return BEST_FIRST.find((format) => formats.has(format));
  },
  read(file) {
    let [meta, moov]: (ByteReader | undefined)[] = [];
    const embedded: Embedded[] = [...scannedXmp(file)];
    for (const box of boxes(file)) {
      const { type, from, to } = box;
      const metadata = boxMetadata(file, box);
      if (metadata !== undefined) embedded.push(metadata);
      // The fields of a full box come before what is in it.
      if (type === 'meta') meta ??= file.part(from + 4, to);
      if (type === 'moov') moov ??= file.part(from, to);
    }
    const item = meta === undefined ? undefined : readItem(meta, file);
    const track = moov === undefined ? undefined : readTrack(moov, file);
    const shape = item ?? track;
    if (shape === undefined) throw new BrokenImage('it has no primary picture');
    return { ...shape, embedded, frames: track?.frames };
  },
};

function readItem(meta: ByteReader, file: ByteReader): Shape | undefined {
  const parts = firstBoxes(meta, META_PARTS);
  checkItemsAreThere(parts, file);
  return readPrimaryItem(parts);
}

/** A still picture may have a film beside it, whose frames are not its own. */
function readTrack(moov: ByteReader, file: ByteReader): Shape | undefined {
  const isSequence = brandsOf(file).some((brand) => SEQUENCES.has(brand));
  return isSequence ? readPictureTrack(moov, file) : undefined;
}

/** The major brand, then the compatible ones; none when the file does not begin with brands. */
function brandsOf(file: ByteReader): readonly string[] {
  if (!file.is(4, 'ftyp') || file.length < 12) return [];
  const end = Math.min(file.u32(0), file.length, 16 + 4 * MOST_BRANDS);
  const brands = [file.code(8)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(file.code(at));
  return brands;
}
