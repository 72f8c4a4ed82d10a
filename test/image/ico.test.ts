import { describe, it } from 'vitest';
import { bytes, little, png } from './build.ts';
import { type Broken, isBroken, isOf, type Whole } from './described.ts';

/** A picture of an icon, and what its directory says wrongly of it. */
interface Entry {
  readonly file: Uint8Array;
  readonly side?: number;
  readonly length?: number;
  readonly at?: number;
}

const iconOf = (kind: number, ...pictures: readonly Entry[]) => {
  let end = 6 + 16 * pictures.length;
  const entries = pictures.map(({ file, side = 0, length = file.length, at = end }) => {
    end += file.length;
    return bytes(side, side, 0, 0, little(2, 1, 32), little(4, length, at));
  });
  const files = pictures.map(({ file }) => file);
  return bytes(little(2, 0, kind, pictures.length), ...entries, ...files);
};
const icon = (kind: number, ...files: readonly Uint8Array[]) =>
  iconOf(kind, ...files.map((file) => ({ file })));

const bitmapHead = (side: number, height: number, bits: number, compression = 0) =>
  bytes(little(4, 40, side, height), little(2, 1, bits), little(4, compression), Buffer.alloc(20));
/** Without its mask. */
const bareBitmap = (side: number, bits = 32, more = 0) => {
  const rowBytes = 4 * Math.ceil((side * bits) / 32);
  return bytes(bitmapHead(side, 2 * side, bits), Buffer.alloc(more + side * rowBytes));
};
const iconBitmap = (side: number) =>
  bytes(bareBitmap(side), Buffer.alloc(side * 4 * Math.ceil(side / 32)));

const GOOD = iconBitmap(16);
const NOWHERE: Entry = { file: Buffer.alloc(0), length: 999, at: 900_000 };
const DAMAGED = png(256, 256);
DAMAGED[45] = (DAMAGED[45] ?? 0) ^ 1;

describe('a picture in ico', () => {
  it.for<Whole>([
    ['of bitmaps, the largest first', icon(1, iconBitmap(48), iconBitmap(16)), '48x48'],
    ['of bitmaps, the largest last', icon(1, iconBitmap(16), iconBitmap(48)), '48x48'],
    ['of a PNG', icon(1, iconBitmap(16), png(256, 256)), '256x256'],
    ['of a PNG larger than its directory can say', icon(1, png(512, 512)), '512x512'],
    ['one of which lies behind its end', iconOf(1, { file: GOOD }, NOWHERE), '16x16'],
    ['the first of which lies behind its end', iconOf(1, NOWHERE, { file: GOOD }), '16x16'],
    [
      'one of which lies in its directory',
      iconOf(1, { file: GOOD }, { ...NOWHERE, at: 6 }),
      '16x16',
    ],
    ['one of which has a wrong checksum', icon(1, DAMAGED, GOOD), '16x16'],
    ['one of which is something else', icon(1, Buffer.alloc(99, 7), GOOD), '16x16'],
    ['whose directory tells no length of a PNG', iconOf(1, { file: png(9, 5), length: 0 }), '9x5'],
    ['whose directory tells no length of a bitmap', iconOf(1, { file: GOOD, length: 0 }), '16x16'],
    [
      'whose directory tells a length beyond the end of a PNG',
      iconOf(1, { file: png(9, 5), length: 9999 }),
      '9x5',
    ],
    [
      'whose directory tells a length beyond the end of a bitmap',
      iconOf(1, { file: GOOD, length: 9999 }),
      '16x16',
    ],
    ['of a bitmap without its mask', icon(1, bareBitmap(16)), '16x16'],
    ['of a bitmap with a palette', icon(1, bareBitmap(16, 4, 64)), '16x16'],
    [
      'of a bitmap that does not count its mask',
      iconOf(1, { file: bytes(bitmapHead(16, 16, 32), Buffer.alloc(1024)), side: 16 }),
      '16x16',
    ],
  ])('%s', isOf('ico'));
});

describe('a broken picture in ico', () => {
  it.for<Broken>([
    [
      'whose pictures lie behind its end',
      icon(1, iconBitmap(16)).subarray(0, -1),
      'it ends too early',
    ],
    [
      'one of which lies behind the end of a cut one',
      iconOf(1, { file: GOOD, length: GOOD.length + 9 }, NOWHERE),
      'it ends too early',
    ],
    ['one of which is cut', icon(1, GOOD, iconBitmap(48)).subarray(0, -1), 'it ends too early'],
    [
      'the second of which is not there',
      icon(1, GOOD, png(9, 5)).subarray(0, -69),
      'it ends too early',
    ],
    ['whose palette is not all there', icon(1, bareBitmap(16, 4, 63)), 'it ends too early'],
    ['all of which are broken', icon(1, DAMAGED), 'the checksum of its IDAT is wrong'],
    ['of something else', icon(1, Buffer.alloc(99, 7)), 'a picture of it is damaged'],
    [
      'whose picture is its directory',
      bytes(little(2, 0, 1, 1), little(4, 0, 0, 22, 0)),
      'a picture lies in its directory',
    ],
    [
      'whose directory is cut',
      bytes(little(2, 0, 1, 9), icon(1, GOOD).subarray(6, 99)),
      'it ends too early',
    ],
    ['of no size', icon(1, iconBitmap(0)), 'it has no pixels'],
  ])('%s', isBroken('ico'));
});

describe('a picture in cur', () => {
  it.for<Whole>([['of bitmaps', icon(2, iconBitmap(32), iconBitmap(16)), '32x32']])(
    '%s',
    isOf('cur'),
  );
});
