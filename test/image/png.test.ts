import { describe, it } from 'vitest';
import { big, bytes, chunk, exif, PNG_SIGNATURE, png, pngHeader } from './build.ts';
import { type Broken, isBroken, isOf, type Whole } from './described.ts';

const [DATA, END] = [chunk('IDAT', Buffer.from([1])), chunk('IEND')];

describe('a picture in png', () => {
  it.for<Whole>([
    ['of the largest size', png(2 ** 31 - 1, 1), '2147483647x1'],
    ['of Apple, with a chunk in front', appleOwn(), '9x5'],
    ['with a wrong checksum where nobody needs it', png(9, 5, badChunk('tEXt')), '9x5'],
    ['with something behind it', bytes(png(9, 5), 'and more'), '9x5'],
    ['whose end is not empty', bytes(pngUpToEnd(), chunk('IEND', Buffer.from('x'))), '9x5'],
    ['turned by EXIF', png(9, 5, chunk('eXIf', exif(8))), '9x5', { orientation: 8 }],
    ['that moves', png(9, 5, ...moving(3)), '9x5', { frames: 3 }],
    ['that moves and has one frame', png(9, 5, ...moving(1)), '9x5'],
    ['that says too late that it moves', bytes(pngUpToEnd(), ...moving(3), chunk('IEND')), '9x5'],
  ])('%s', isOf('png'));
});

describe('a broken picture in png', () => {
  it.for<Broken>([
    [
      'sent as text, line ends made longer',
      bytes('\x89PNG\r\r\n\x1a\r\n', png(9, 5).subarray(8)),
      'its signature is damaged',
    ],
    [
      'sent as text, line ends made shorter',
      bytes('\x89PNG\n\x1a\n', png(9, 5).subarray(8)),
      'its signature is damaged',
    ],
    ['without a header', bytes(PNG_SIGNATURE, png(9, 5).subarray(33)), 'it has no header'],
    [
      'with a header of another length',
      bytes(PNG_SIGNATURE, chunk('IHDR', Buffer.alloc(12)), DATA, END),
      'its header has a wrong length',
    ],
    ['without picture data', bytes(PNG_SIGNATURE, pngHeader(9, 5), END), 'it has no picture data'],
    ['without its end', pngUpToEnd(), 'it ends too early'],
    ['of no width', png(0, 5), 'it has no pixels'],
    ['of no height', png(9, 0), 'it has no pixels'],
    [
      'of an unknown colour type',
      bytes(PNG_SIGNATURE, pngHeader(9, 5, 8, 1), DATA, END),
      'its header has no colour type that there is',
    ],
    [
      'of a depth that its colour type has not',
      bytes(PNG_SIGNATURE, pngHeader(9, 5, 3, 0), DATA, END),
      'its header has no colour type that there is',
    ],
    [
      'with a wrong checksum in its header',
      flipped(png(9, 5), 29),
      'the checksum of its IHDR is wrong',
    ],
    [
      'with a byte of its data changed',
      flipped(png(9, 5), 41),
      'the checksum of its IDAT is wrong',
    ],
    ['with a chunk that is longer than the file', flipped(png(9, 5), 33), 'it ends too early'],
    ['with a chunk that has no name', png(9, 5, chunk('a b!')), 'it has a chunk without a name'],
  ])('%s', isBroken('png'));
});

function pngUpToEnd(): Buffer {
  return png(9, 5).subarray(0, -12);
}

function appleOwn(): Buffer {
  const own = chunk('CgBI', Buffer.alloc(4));
  return bytes(PNG_SIGNATURE, own, png(9, 5).subarray(8));
}

function badChunk(type: string): Buffer {
  const bad = chunk(type, Buffer.from('Comment\0x'));
  bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 1;
  return bad;
}

/** What makes an APNG of so many frames; the numbers inside are not looked at. */
function moving(frames: number): readonly Buffer[] {
  const controls = Array.from({ length: frames }, () => chunk('fcTL', Buffer.alloc(26)));
  return [chunk('acTL', big(4, frames, 0)), ...controls];
}

/** The same with one bit changed. */
function flipped(file: Buffer, at: number): Buffer {
  file[at] = (file[at] ?? 0) ^ 1;
  return file;
}
