import { describe, it } from 'vitest';
import { bytes, gifImage, gifScreen, little } from './build.ts';
import { type Broken, isBroken, isOf, type Whole } from './described.ts';

const gif = (...parts: readonly (string | number | Uint8Array)[]) => bytes(...parts, 0x3b);

const EXTENSION = bytes('\x21\xf9\x04', little(4, 0), 0);

describe('a picture in gif', () => {
  it.for<Whole>([
    ['of 1987', gif('GIF87a', gifScreen(9, 5).subarray(6), gifImage(9, 5)), '9x5'],
    ['without its trailer', bytes(gifScreen(9, 5), EXTENSION, gifImage(9, 5)), '9x5'],
    ['whose screen has no area', gif(gifScreen(0, 0), gifImage(4, 3)), '4x3'],
    ['whose screen has no height', gif(gifScreen(7, 0), gifImage(4, 3)), '4x3'],
    ['smaller than its screen', gif(gifScreen(9, 5), gifImage(4, 3)), '9x5'],
    ['with zeros between blocks', gif(gifScreen(9, 5), 0, gifImage(9, 5), 0, 0), '9x5'],
    [
      'with a colour table of its own',
      gif(gifScreen(9, 5), 0x2c, little(2, 0, 0, 9, 5), 0x80, '\x3b'.repeat(6), 2, 1, 0x44, 0),
      '9x5',
    ],
    [
      'with a comment that holds a trailer',
      gif(gifScreen(9, 5), 0x21, 0xfe, 2, ';;', 0, gifImage(9, 5)),
      '9x5',
    ],
    ['of two frames', gif(gifScreen(9, 5), gifImage(9, 5), gifImage(1, 1)), '9x5', { frames: 2 }],
  ])('%s', isOf('gif'));
});

describe('a broken picture in gif', () => {
  it.for<Broken>([
    ['without a picture', gif(gifScreen(9, 5)), 'it has no picture data'],
    ['that ends in padding', bytes(gifScreen(9, 5), gifImage(9, 5), 0, 0), 'it ends too early'],
    [
      'that ends behind an extension',
      bytes(gifScreen(9, 5), gifImage(9, 5), EXTENSION),
      'it ends too early',
    ],
    [
      'that ends in a picture',
      bytes(gifScreen(9, 5), gifImage(9, 5)).subarray(0, -1),
      'it ends too early',
    ],
    [
      'with a block of no known kind',
      gif(gifScreen(9, 5), gifImage(9, 5), 0x99),
      'it has a block of no known kind',
    ],
    [
      'whose sub-blocks do not end',
      gif(gifScreen(9, 5), 0x21, 0xfe, '\x01x'.repeat(9)),
      'it ends too early',
    ],
    ['without an area anywhere', gif(gifScreen(0, 0), gifImage(0, 0)), 'it has no pixels'],
  ])('%s', isBroken('gif'));
});
