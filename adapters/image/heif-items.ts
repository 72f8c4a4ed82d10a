import { boxes } from './boxes.ts';
import { BrokenImage } from './broken-image.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Shape } from './image-format.ts';

/** Parts of a `meta` box that are read here. */
export const META_PARTS: ReadonlySet<string> = new Set(['pitm', 'iprp', 'iloc', 'idat']);

type MetaParts = ReadonlyMap<string, ByteReader>;

/** An index of a property has 15 bits (ISO/IEC 23008-12, section 9.3). */
const MOST_PROPERTIES = 2 ** 15 - 1;

/** Properties of an item, in the order in which they are applied. */
type Property =
  | { readonly kind: 'size'; readonly width: number; readonly height: number }
  | { readonly kind: 'crop'; readonly width: number; readonly height: number }
  | { readonly kind: 'turn'; readonly quarters: number }
  | { readonly kind: 'mirror'; readonly leftRight: boolean };

/** Size, cropped, and orientation of the primary item of a `meta` box (ISO/IEC 23008-12, section 6.5). */
export function readPrimaryItem(parts: MetaParts): Shape | undefined {
  const [pitm, iprp] = [parts.get('pitm'), parts.get('iprp')];
  if (pitm === undefined || iprp === undefined) return undefined;
  const primary = pitm.u8(0) === 0 ? pitm.u16(4) : pitm.u32(4);
  const properties = propertiesOf(primary, iprp);
  const size = properties.find((property) => property.kind === 'size');
  if (size === undefined) return undefined;
  // Encoders that can only store whole blocks pad the picture, and crop it again with this.
  const crop = properties.find((property) => property.kind === 'crop');
  const { width, height } = crop !== undefined && isWithin(crop, size) ? crop : size;
  return { width, height, orientation: orientationOf(properties) };
}

function propertiesOf(item: number, iprp: ByteReader): readonly Property[] {
  let wanted: readonly number[] = [];
  let ipco: ByteReader | undefined;
  for (const { type, from, to } of boxes(iprp)) {
    if (type === 'ipco') ipco ??= iprp.part(from, to);
    if (type === 'ipma' && wanted.length === 0) wanted = associationsOf(item, iprp.part(from, to));
  }
  if (ipco === undefined) return [];
  const known = new Map<number, Property>();
  let index = 0;
  for (const { type, from } of boxes(ipco)) {
    index += 1; // properties are counted from one
    if (index > MOST_PROPERTIES) break;
    const property = readProperty(type, ipco, from);
    if (property !== undefined) known.set(index, property);
  }
  return wanted.map((one) => known.get(one)).filter((property) => property !== undefined);
}

/** Indexes of an item's properties (section 9.3). */
function associationsOf(item: number, ipma: ByteReader): readonly number[] {
  const [wideIds, wideIndexes] = [ipma.u8(0) > 0, (ipma.u8(3) & 1) === 1];
  let at = 8;
  for (let left = ipma.u32(4); left > 0; left -= 1) {
    const id = wideIds ? ipma.u32(at) : ipma.u16(at);
    at += wideIds ? 4 : 2;
    const count = ipma.u8(at);
    at += 1;
    if (id === item) return indexesAt(ipma, at, count, wideIndexes);
    at += count * (wideIndexes ? 2 : 1);
  }
  return [];
}

/** The first bit of each says whether the property is essential. */
function indexesAt(ipma: ByteReader, at: number, count: number, wide: boolean): readonly number[] {
  return Array.from({ length: count }, (_, n) =>
    wide ? ipma.u16(at + 2 * n) & 0x7fff : ipma.u8(at + n) & 0x7f,
  );
}

function readProperty(type: string, box: ByteReader, at: number): Property | undefined {
  switch (type) {
    case 'ispe':
      return { kind: 'size', width: box.u32(at + 4), height: box.u32(at + 8) };
    case 'clap':
      return { kind: 'crop', width: fractionAt(box, at), height: fractionAt(box, at + 8) };
    case 'irot':
      return { kind: 'turn', quarters: box.u8(at) & 3 };
    case 'imir':
      return { kind: 'mirror', leftRight: (box.u8(at) & 1) === 1 };
    default:
      return undefined;
  }
}

/** A numerator and a denominator, rounded. */
function fractionAt(box: ByteReader, at: number): number {
  return Math.round(box.u32(at) / box.u32(at + 4));
}

function isWithin(crop: Shape, size: Shape): boolean {
  return (
    crop.width >= 1 && crop.height >= 1 && crop.width <= size.width && crop.height <= size.height
  );
}

/** EXIF's orientations by quarter turns to the left, and what is mirrored afterwards. */
const ORIENTATIONS = {
  nothing: [1, 8, 3, 6],
  topBottom: [4, 5, 2, 7],
  leftRight: [2, 7, 4, 5],
} as const;

function orientationOf(properties: readonly Property[]): number | undefined {
  let quarters = 0;
  let mirrored: keyof typeof ORIENTATIONS = 'nothing';
  for (const property of properties) {
    if (property.kind === 'turn') {
      quarters += property.quarters;
      // Mirrored first: a quarter turn lays the mirror on the other side.
      if (property.quarters % 2 === 1) mirrored = TURNED[mirrored];
    } else if (property.kind === 'mirror') {
      mirrored = property.leftRight ? 'leftRight' : 'topBottom';
    }
  }
  return ORIENTATIONS[mirrored][quarters % 4];
}

const TURNED = { nothing: 'nothing', topBottom: 'leftRight', leftRight: 'topBottom' } as const;

/** Whether all data of all items is in the file (ISO/IEC 14496-12, section 8.11.3). @throws BrokenImage */
export function checkItemsAreThere(parts: MetaParts, file: ByteReader): void {
  const iloc = parts.get('iloc');
  if (iloc === undefined) throw new BrokenImage('it does not say where its picture is');
  const version = iloc.u8(0);
  const sizes = iloc.u16(4);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexBytes = version === 0 ? 0 : sizes & 15;
  const idBytes = version < 2 ? 2 : 4;
  let at = 6 + idBytes;
  for (let left = numberOf(iloc, 6, idBytes); left > 0; left -= 1) {
    at += idBytes;
    const method = version === 0 ? 0 : iloc.u16(at) & 15;
    at += version === 0 ? 2 : 4;
    const base = numberOf(iloc, at, baseBytes);
    at += baseBytes;
    const extents = iloc.u16(at);
    at += 2;
    const container = [file, parts.get('idat')][method];
    for (let n = 0; n < extents; n += 1, at += indexBytes + offsetBytes + lengthBytes) {
      const offset = numberOf(iloc, at + indexBytes, offsetBytes);
      const length = numberOf(iloc, at + indexBytes + offsetBytes, lengthBytes);
      container?.reaches(base + offset + length);
    }
  }
}

function numberOf(box: ByteReader, at: number, bytes: number): number {
  if (bytes === 0) return 0;
  if (bytes === 2) return box.u16(at);
  if (bytes === 4) return box.u32(at);
  if (bytes === 8) return box.u64(at);
  throw new BrokenImage('a number has a wrong length');
}
