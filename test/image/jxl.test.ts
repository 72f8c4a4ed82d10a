import { describe, it } from 'vitest';
import { big, box, bytes } from './build.ts';
import { type Broken, isBroken, isOf, type Whole } from './described.ts';

/** Bits, the lowest of each byte first, from values and how many bits they take. */
function lowFirst(...fields: readonly (readonly [value: number, bits: number])[]): Buffer {
  const text = fields.map(([value, bits]) =>
    [...value.toString(2).padStart(bits, '0')].reverse().join(''),
  );
  const octets = text.join('').match(/.{1,8}/g) ?? [];
  return Buffer.from(octets.map((octet) => Number.parseInt([...octet].reverse().join(''), 2)));
}

type Bits = readonly (readonly [number, number])[];
const SMALL_4_TO_3: Bits = [
  [1, 1],
  [2, 5],
  [3, 3],
];
const LARGE: Bits = [
  [0, 1],
  [3, 2],
  [2 ** 30 - 1, 30],
  [0, 3],
  [1, 2],
  [4095, 13],
];
const UPRIGHT: Bits = [[1, 1]];
const TURNED: Bits = [
  [0, 1],
  [1, 1],
  [5, 3],
];
const PLAIN: Bits = [
  [0, 1],
  [0, 1],
];
const bare = (...bits: readonly Bits[]) => bytes('\xff\x0a', lowFirst(...bits.flat()), 'data');
const container = (...boxes: readonly Uint8Array[]) =>
  bytes(box('JXL ', '\r\n\x87\n'), box('ftyp', 'jxl ', big(4, 0), 'jxl '), ...boxes);
const part = (index: number, content: Uint8Array) => box('jxlp', big(4, index), content);

describe('a picture in jxl', () => {
  it.for<Whole>([
    ['of whole eights and a ratio', bare(SMALL_4_TO_3, UPRIGHT), '32x24'],
    ['of the largest size', bare(LARGE, UPRIGHT), '4096x1073741824'],
    ['that is turned', bare(SMALL_4_TO_3, TURNED), '32x24', { orientation: 6 }],
    ['without extra fields', bare(SMALL_4_TO_3, PLAIN), '32x24'],
    [
      'in parts, the header cut in two',
      container(
        part(0, bare(LARGE, TURNED).subarray(0, 3)),
        part(2 ** 31 + 1, bare(LARGE, TURNED).subarray(3)),
      ),
      '4096x1073741824',
      { orientation: 6 },
    ],
    [
      'in a box that goes on to the end',
      container(bytes(big(4, 0), 'jxlc', bare(SMALL_4_TO_3, UPRIGHT))),
      '32x24',
    ],
  ])('%s', isOf('jxl'));
});

describe('a broken picture in jxl', () => {
  it.for<Broken>([
    ['whose header is cut', bare(LARGE, UPRIGHT).subarray(0, 6), 'it ends too early'],
    [
      'without a codestream',
      container(box('Exif', 'x')),
      'the last part of its picture is missing',
    ],
    [
      'without its last part',
      container(part(0, bare(SMALL_4_TO_3, UPRIGHT))),
      'the last part of its picture is missing',
    ],
    [
      'whose codestream has no signature',
      container(box('jxlc', 'nothing of the kind')),
      'its picture has no signature',
    ],
  ])('%s', isBroken('jxl'));
});
