import { describe, expect, it } from 'vitest';
import { big, bytes, EOI, exif, frame, little, SCAN, SOI, segment, TIFF_HEADER } from './build.ts';
import { type Broken, described, isBroken, isOf, type Whole } from './described.ts';

const FRAME = frame(0xc0, 9, 5);
const app1 = (block: Uint8Array) => segment(0xe1, bytes('Exif\0\0', block));
const dnl = (height: number) => segment(0xdc, big(2, height));
const thumbnail = bytes(SOI, frame(0xc0, 2, 1), SCAN, EOI);

describe('a picture in jpeg', () => {
  it.for<Whole>([
    ...[0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf].map(
      (marker): Whole => [
        `with frame header ${marker.toString(16)}`,
        bytes(SOI, frame(marker, 9, 5), SCAN, EOI),
        '9x5',
      ],
    ),
    ['with fill bytes', bytes(SOI, 0xff, 0xff, FRAME, 0xff, 0xff, SCAN, EOI), '9x5'],
    ['with stray bytes between segments', bytes(SOI, FRAME, 'stray', SCAN, EOI), '9x5'],
    [
      'with tables that hold markers',
      bytes(SOI, segment(0xc4, thumbnail), FRAME, SCAN, EOI),
      '9x5',
    ],
    ['whose height comes late', bytes(SOI, frame(0xc0, 9, 0), SCAN, dnl(5), EOI), '9x5'],
    ['of a hierarchy', bytes(SOI, frame(0xde, 9, 5), frame(0xc0, 4, 2), SCAN, EOI), '9x5'],
    ['of many scans and restarts', bytes(SOI, FRAME, SCAN, '\xff\xd0', SCAN, SCAN, EOI), '9x5'],
    ['with a film behind it', bytes(SOI, FRAME, SCAN, EOI, 'ftypmp42'), '9x5'],
    ['with a broken picture behind it', bytes(SOI, FRAME, SCAN, EOI, SOI, FRAME), '9x5'],
    [
      'with a thumbnail in EXIF',
      bytes(SOI, app1(bytes(exif(6), thumbnail)), FRAME, SCAN, EOI),
      '9x5',
      { orientation: 6 },
    ],
    ['with the largest sides', bytes(SOI, frame(0xc2, 65_535, 65_535), SCAN, EOI), '65535x65535'],
  ])('%s', isOf('jpeg'));
});

describe('a broken picture in jpeg', () => {
  it.for<Broken>([
    ['with no scan', bytes(SOI, FRAME, EOI), 'it has no picture data'],
    [
      'that begins twice',
      bytes(SOI, segment(0xe0, Buffer.from('x')), SOI, FRAME, SCAN, EOI),
      'it has no picture data',
    ],
    [
      'with no frame header',
      bytes(SOI, segment(0xe0, Buffer.from('x')), SCAN, EOI),
      'it has no frame header',
    ],
    [
      'whose frame header is behind its scan',
      bytes(SOI, segment(0xe0, Buffer.from('x')), SCAN, FRAME, EOI),
      'it has no frame header',
    ],
    [
      'whose frame header is too short',
      bytes(SOI, segment(0xc0, bytes(8, 0, 5, 0, 9, 3)), SCAN, EOI),
      'its frame header is damaged',
    ],
    [
      'with a segment of no length',
      bytes(SOI, 0xff, 0xe0, 0, 0, FRAME, SCAN, EOI),
      'a segment has no length',
    ],
    [
      'with a segment that is longer than the file',
      bytes(SOI, 0xff, 0xe0, 0xff, 0xff, FRAME, SCAN, EOI),
      'it ends too early',
    ],
    ['without its end marker', bytes(SOI, FRAME, SCAN), 'it has no end marker'],
    [
      'whose thumbnail alone is whole',
      bytes(SOI, app1(thumbnail), FRAME, SCAN),
      'it has no end marker',
    ],
    ['whose height never comes', bytes(SOI, frame(0xc0, 9, 0), SCAN, EOI), 'its height is nowhere'],
    ['without a width', bytes(SOI, frame(0xc0, 0, 5), SCAN, EOI), 'it has no pixels'],
  ])('%s', isBroken('jpeg'));
});

describe('orientation', () => {
  const turned = (block: Uint8Array) => bytes(SOI, app1(block), FRAME, SCAN, EOI);

  it.each([2, 3, 4, 5, 6, 7, 8])('%i is told', (orientation) => {
    expect(described(turned(exif(orientation)))).toMatchObject({ orientation, size: '9x5' });
  });

  it.each([
    ['upright', exif(1)],
    ['0', exif(0)],
    ['9', exif(9)],
    ['65535', exif(65_535)],
    ['empty', Buffer.alloc(0)],
    ['no TIFF', Buffer.from('nothing of the kind')],
    ['a directory behind its end', bytes('II', little(2, 42), little(4, 999))],
    ['a value behind its end', bytes(TIFF_HEADER, little(2, 1), little(2, 0x112, 3))],
    ['text', bytes(TIFF_HEADER, little(2, 1), little(2, 0x112, 2), little(4, 1, 6))],
  ])('goes without saying where EXIF is %s', (_, block) => {
    expect(described(turned(block))).toEqual({ format: 'jpeg', size: '9x5' });
  });

  it('is read in either byte order', () => {
    const block = bytes('MM', big(2, 42), big(4, 8), big(2, 1, 0x112, 3), big(4, 1), big(2, 8, 0));
    expect(described(turned(block))).toMatchObject({ orientation: 8 });
  });

  /** One value in a field of its size, in either byte order, and as BigTIFF where it has eight bytes. */
  const block = (isLittle: boolean, type: number, size: 1 | 2 | 4 | 8, value: number) => {
    const order = (length: 2 | 4 | 8, ...numbers: readonly number[]) =>
      isLittle ? little(length, ...numbers) : big(length, ...numbers);
    const data = size === 1 ? Buffer.from([value & 255]) : order(size, value);
    const room = Buffer.alloc(Math.max(0, (size === 8 ? 8 : 4) - size));
    return size === 8
      ? bytes(
          isLittle ? 'II' : 'MM',
          order(2, 43, 8, 0),
          order(8, 16, 1),
          order(2, 0x112, type),
          order(8, 1),
          data,
          order(8, 0),
        )
      : bytes(
          isLittle ? 'II' : 'MM',
          order(2, 42),
          order(4, 8),
          order(2, 1, 0x112, type),
          order(4, 1),
          data,
          room,
          order(4, 0),
        );
  };
  const INTEGERS = [
    ['BYTE', 1, 1],
    ['SBYTE', 6, 1],
    ['SHORT', 3, 2],
    ['SSHORT', 8, 2],
    ['LONG', 4, 4],
    ['SLONG', 9, 4],
    ['IFD', 13, 4],
    ['LONG8', 16, 8],
    ['SLONG8', 17, 8],
  ] as const;
  const ORDERED = INTEGERS.flatMap((one) => [[true, ...one] as const, [false, ...one] as const]);

  it.each(ORDERED)('is read whatever integer it is (little: %s, %s)', (isLittle, _, type, size) => {
    const told = (value: number) => described(turned(block(isLittle, type, size, value)));
    expect(told(6)).toMatchObject({ orientation: 6 });
    for (const outOfRange of [0, 9, 128, 2 ** (8 * size - 1)])
      expect(told(outOfRange)).toEqual({ format: 'jpeg', size: '9x5' });
  });

  it.each([
    ['RATIONAL', 5],
    ['UNDEFINED', 7],
    ['SRATIONAL', 10],
    ['FLOAT', 11],
    ['DOUBLE', 12],
    ['a type that there is not', 99],
  ])('goes without saying where it is %s', (_, type) => {
    expect(described(turned(block(true, type, 4, 6)))).toEqual({ format: 'jpeg', size: '9x5' });
  });

  it('is that of the first block', () => {
    const file = bytes(SOI, app1(exif(3)), app1(exif(6)), FRAME, SCAN, EOI);
    expect(described(file)).toMatchObject({ orientation: 3 });
  });
});
