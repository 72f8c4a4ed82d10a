import { describe, it } from 'vitest';
import { bytes, little } from './build.ts';
import { type Broken, isBroken, isOf, type Whole } from './described.ts';

const bitmap = (width: number, height: number, rowBytes: number) =>
  bytes(
    'BM',
    little(4, 0, 0, 54),
    little(4, 40, width, height),
    little(2, 1, 24),
    little(4, 0, 0, 0, 0, 0, 0),
    Buffer.alloc(rowBytes * Math.abs(height)),
  );

describe('a picture in bmp', () => {
  it.for<Whole>([
    ['with rows from the top down', bitmap(9, -5, 28), '9x5'],
    ['with no length in its header', bitmap(9, 5, 28), '9x5'],
    ['with something behind it', bytes(bitmap(9, 5, 28), 'more'), '9x5'],
  ])('%s', isOf('bmp'));
});

describe('a broken picture in bmp', () => {
  it.for<Broken>([
    ['that lacks a row', bitmap(9, 5, 28).subarray(0, -28), 'it ends too early'],
    ['of no height', bytes(bitmap(9, 0, 28), Buffer.alloc(28)), 'it has no pixels'],
    ['of no width', bitmap(0, 5, 28), 'it has no pixels'],
    ['of a width below zero', bitmap(-9, 5, 28), 'its header is damaged'],
    ['of a size beyond its bytes', bytes(bitmap(2 ** 31 - 1, 1, 99)), 'it ends too early'],
  ])('%s', isBroken('bmp'));
});
