import { describe, it } from 'vitest';
import { bytes, little, TIFF_HEADER, tiffDirectory, tiffEntry } from './build.ts';
import { type Broken, isBroken, isOf, type Whole } from './described.ts';

const strip = (width: number, height: number) => [
  tiffEntry(256, 4, 1, width),
  tiffEntry(257, 3, 1, height),
];
const page = (nextAt: number, ...more: readonly Uint8Array[]) =>
  tiffDirectory(
    [...more, ...strip(9, 5), tiffEntry(273, 4, 1, 8), tiffEntry(279, 4, 1, 4)],
    nextAt,
  );
const REDUCED = tiffEntry(254, 4, 1, 1);

describe('a picture in tiff', () => {
  it.for<Whole>([
    ['whose pages are two', bytes(TIFF_HEADER, page(62), page(0)), '9x5', { frames: 2 }],
    ['with a smaller copy of its page', bytes(TIFF_HEADER, page(62), page(0, REDUCED)), '9x5'],
    [
      'with a private tag that points nowhere',
      bytes(TIFF_HEADER, page(0, tiffEntry(50_000, 4, 99, 999_999))),
      '9x5',
    ],
    [
      'whose numbers are signed',
      bytes(
        TIFF_HEADER,
        tiffDirectory([
          tiffEntry(256, 9, 1, 9),
          tiffEntry(257, 8, 1, 5),
          tiffEntry(273, 9, 1, 8),
          tiffEntry(274, 6, 1, 6),
          tiffEntry(279, 9, 1, 4),
        ]),
      ),
      '9x5',
      { orientation: 6 },
    ],
    ['whose orientation is text', bytes(TIFF_HEADER, page(0, tiffEntry(274, 2, 1, 6))), '9x5'],
    [
      'of old, without lengths of its strips',
      bytes(TIFF_HEADER, tiffDirectory([...strip(9, 5), tiffEntry(273, 4, 1, 8)])),
      '9x5',
    ],
  ])('%s', isOf('tiff'));
});

describe('a broken picture in tiff', () => {
  it.for<Broken>([
    ['without a page', bytes('II', little(2, 42), little(4, 0)), 'it has no page'],
    ['whose first page lies behind its end', bytes('MM', 0, 42, 0, 0, 9, 9), 'it ends too early'],
    [
      'whose strips lie behind its end',
      bytes(
        TIFF_HEADER,
        tiffDirectory([...strip(9, 5), tiffEntry(273, 4, 1, 8), tiffEntry(279, 4, 1, 999)]),
      ),
      'it ends too early',
    ],
    [
      'whose strips are nowhere',
      bytes(TIFF_HEADER, tiffDirectory(strip(9, 5))),
      'a page has no picture data',
    ],
    [
      'without a width',
      bytes(TIFF_HEADER, tiffDirectory([tiffEntry(257, 4, 1, 5), tiffEntry(273, 4, 1, 8)])),
      'it has no pixels',
    ],
    [
      'of a negative width',
      bytes(
        TIFF_HEADER,
        tiffDirectory([tiffEntry(256, 9, 1, -9), tiffEntry(257, 4, 1, 5), tiffEntry(273, 4, 1, 8)]),
      ),
      'it has no pixels',
    ],
    ['whose page follows itself', bytes(TIFF_HEADER, page(8)), 'its pages go round in a circle'],
    ['whose second page lies behind its end', bytes(TIFF_HEADER, page(999)), 'it ends too early'],
  ])('%s', isBroken('tiff'));
});
