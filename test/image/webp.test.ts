import { describe, it } from 'vitest';
import { bytes, exif, little, riffChunk, webp } from './build.ts';
import { type Broken, isBroken, isOf, type Whole } from './described.ts';

const lossless = (width: number, height: number) =>
  riffChunk('VP8L', bytes(0x2f, little(4, (width - 1) | ((height - 1) << 14)), 'data'));
const canvas = (flags: number, width: number, height: number) =>
  riffChunk('VP8X', bytes(flags, 0, 0, 0, little(3, width - 1, height - 1)));
const odd = riffChunk('ODD ', Buffer.from('odd'));

describe('a picture in webp', () => {
  it.for<Whole>([
    ['with a chunk of odd length', webp(canvas(0, 9, 5), odd, lossless(9, 5)), '9x5'],
    ['whose last chunk is not padded', unpadded(), '9x5'],
    ['of the largest size', webp(lossless(16_384, 16_384)), '16384x16384'],
    [
      'whose frames are smaller than its canvas',
      webp(canvas(2, 9, 5), ...Array(2).fill(riffChunk('ANMF', lossless(4, 3)))),
      '9x5',
      { frames: 2 },
    ],
    [
      'with an EXIF that has the mark of a JPEG',
      webp(canvas(8, 9, 5), lossless(9, 5), riffChunk('EXIF', bytes('Exif\0\0', exif(6)))),
      '9x5',
      { orientation: 6 },
    ],
    ['with something behind it', bytes(webp(lossless(9, 5)), 'more'), '9x5'],
  ])('%s', isOf('webp'));
});

describe('a broken picture in webp', () => {
  it.for<Broken>([
    ['that is shorter than it says', webp(lossless(9, 5)).subarray(0, -2), 'it ends too early'],
    [
      'with a chunk that is longer than the file',
      bytes('RIFF', little(4, 12), 'WEBPVP8L', little(4, 99)),
      'a chunk is longer than the file',
    ],
    ['without picture data', webp(canvas(0, 9, 5)), 'it has no picture data'],
    ['that moves and has no frame', webp(canvas(2, 9, 5)), 'it has no picture data'],
    [
      'of another size than its canvas',
      webp(canvas(0, 9, 5), lossless(900, 500)),
      'its picture has not the size of its canvas',
    ],
    [
      'that begins with no key frame',
      webp(riffChunk('VP8 ', bytes(1, 0, 0, '\x9d\x01\x2a', 9, 0, 5, 0))),
      'its picture does not begin with a key frame',
    ],
    [
      'whose first partition is cut',
      webp(riffChunk('VP8 ', bytes(0x10, 0xff, 0, '\x9d\x01\x2a', 9, 0, 5, 0))),
      'it ends too early',
    ],
    [
      'whose lossless data has no signature',
      webp(riffChunk('VP8L', bytes(0, 1, 2, 3, 4))),
      'its picture has no signature',
    ],
  ])('%s', isBroken('webp'));
});

function unpadded(): Buffer {
  const file = webp(lossless(9, 5), odd).subarray(0, -1);
  file.writeUInt32LE(file.length - 8, 4);
  return file;
}
