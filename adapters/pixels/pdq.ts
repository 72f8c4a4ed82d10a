import type { Pdq } from '../../core/ports/image-work.ts';

/**
 * PDQ, the perceptual hash of ThreatExchange ("The TMK+PDQF Video-Hashing Algorithm and the PDQ
 * Image-Hashing Algorithm", 2019), equal to its reference implementation in every bit. That one
 * computes in floats of 32 bits and rounds after each operation, so this one has to: `Math.fround`.
 */

/** Interleaved RGB, 8 bits each. */
export interface RgbPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The picture is brought to a square of so many pixels, which is what the hash is made of. */
const GRID = 64;
/** Frequencies in each direction: the lowest ones but the very first. */
const WAVES = 16;
/** Larger pictures are first brought to so many pixels, each taken from one pixel. */
const MAX_SIDE = 512;
/** Smaller ones have no hash. */
const MIN_SIDE = 5;
/** Two box filters, one after the other, are a tent filter. */
const PASSES = 2;
/** Gradients of the grid that make a quality of 1. */
const GRADIENTS_PER_POINT = 90;

const { fround } = Math;
const RED = fround(0.299);
const GREEN = fround(0.587);
const BLUE = fround(0.114);

/** Cosines of the transform, row by row: 16 waves along 64 pixels. */
const COSINES = Float32Array.from({ length: WAVES * GRID }, (_, at) => {
  const wave = Math.floor(at / GRID) + 1;
  const place = 2 * (at % GRID) + 1;
  return fround(Math.sqrt(2 / GRID)) * Math.cos((Math.PI / 2 / GRID) * wave * place);
});

/** The hash of a picture, and how much there is in the picture to be hashed. */
export function pdqOf(pixels: RgbPixels): Pdq {
  const { width, height } = pixels;
  if (width < MIN_SIDE || height < MIN_SIDE) return { hash: '0'.repeat(64), quality: 0 };
  const isLarge = width > MAX_SIDE || height > MAX_SIDE;
  const columns = isLarge ? MAX_SIDE : width;
  const rows = isLarge ? MAX_SIDE : height;
  const grid = gridOf(lumaOf(pixels, columns, rows), columns, rows);
  return { hash: hashOf(wavesOf(grid)), quality: qualityOf(grid) };
}

/** Brightness of `columns` times `rows` pixels, each of the nearest pixel of the picture. */
function lumaOf({ data, width, height }: RgbPixels, columns: number, rows: number): Float32Array {
  const luma = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const line = Math.floor((row * height) / rows) * width;
    for (let column = 0; column < columns; column += 1) {
      const at = 3 * (line + Math.floor((column * width) / columns));
      const red = fround(RED * (data[at] ?? 0));
      const green = fround(GREEN * (data[at + 1] ?? 0));
      const blue = fround(BLUE * (data[at + 2] ?? 0));
      luma[row * columns + column] = fround(red + green) + blue;
    }
  }
  return luma;
}

/** A blurred picture of 64 by 64 pixels. */
function gridOf(luma: Float32Array, columns: number, rows: number): Float32Array {
  if (columns === GRID && rows === GRID) return luma;
  const between = new Float32Array(luma.length);
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (let row = 0; row < rows; row += 1) {
      blur(luma, between, { start: row * columns, step: 1, length: columns });
    }
    for (let column = 0; column < columns; column += 1) {
      blur(between, luma, { start: column, step: columns, length: rows });
    }
  }
  return Float32Array.from({ length: GRID * GRID }, (_, at) => {
    const row = Math.floor(((Math.floor(at / GRID) + 0.5) * rows) / GRID);
    const column = Math.floor((((at % GRID) + 0.5) * columns) / GRID);
    return luma[row * columns + column] ?? 0;
  });
}

/** A row or a column of a matrix. */
interface Line {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/**
 * The mean of each value and its neighbours, as many as there are. The sum slides along, so its
 * rounding depends on the order: what comes in is added before what goes out is taken off.
 */
function blur(from: Float32Array, to: Float32Array, { start, step, length }: Line): void {
  const window = Math.ceil(length / (2 * GRID));
  const ahead = Math.floor((window + 2) / 2);
  let sum = 0;
  let count = 0;
  for (let at = 0; at < length + ahead - 1; at += 1) {
    if (at < length) {
      sum = fround(sum + (from[start + at * step] ?? 0));
      count += 1;
    }
    if (at >= window) {
      sum = fround(sum - (from[start + (at - window) * step] ?? 0));
      count -= 1;
    }
    const middle = at - ahead + 1;
    if (middle >= 0) to[start + middle * step] = sum / count;
  }
}

/** The 16 by 16 waves of a grid: a discrete cosine transform along columns and then along rows. */
function wavesOf(grid: Float32Array): Float32Array {
  const along = new Float32Array(WAVES * GRID);
  for (let wave = 0; wave < WAVES; wave += 1) {
    for (let column = 0; column < GRID; column += 1) {
      let sum = 0;
      for (let row = 0; row < GRID; row += 1) {
        const product = (COSINES[wave * GRID + row] ?? 0) * (grid[row * GRID + column] ?? 0);
        sum = fround(sum + fround(product));
      }
      along[wave * GRID + column] = sum;
    }
  }
  const waves = new Float32Array(WAVES * WAVES);
  for (let down = 0; down < WAVES; down += 1) {
    for (let across = 0; across < WAVES; across += 1) {
      let sum = 0;
      for (let column = 0; column < GRID; column += 1) {
        const product = (along[down * GRID + column] ?? 0) * (COSINES[across * GRID + column] ?? 0);
        sum = fround(sum + fround(product));
      }
      waves[down * WAVES + across] = sum;
    }
  }
  return waves;
}

/** A bit for each wave that is above the lower median of all; the last wave is the highest bit. */
function hashOf(waves: Float32Array): string {
  const median = waves.toSorted()[waves.length / 2 - 1] ?? 0;
  let hash = '';
  for (let word = waves.length - 4; word >= 0; word -= 4) {
    const bits = [3, 2, 1, 0].map((bit) => ((waves[word + bit] ?? 0) > median ? 1 : 0));
    hash += Number.parseInt(bits.join(''), 2).toString(16);
  }
  return hash;
}

/** Counts the gradients of a grid that can be seen, in hundredths of the whole range. */
function qualityOf(grid: Float32Array): number {
  let sum = 0;
  for (let row = 0; row < GRID; row += 1) {
    for (let column = 0; column < GRID; column += 1) {
      const here = grid[row * GRID + column] ?? 0;
      if (row + 1 < GRID) sum += gradient(here, grid[(row + 1) * GRID + column] ?? 0);
      if (column + 1 < GRID) sum += gradient(here, grid[row * GRID + column + 1] ?? 0);
    }
  }
  return Math.min(100, Math.floor(sum / GRADIENTS_PER_POINT));
}

function gradient(one: number, other: number): number {
  return Math.trunc(Math.abs(fround(fround(fround(one - other) * 100) / 255)));
}
