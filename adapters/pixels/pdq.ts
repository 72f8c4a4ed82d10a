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
/** Gradients of the grid that make a quality of 1. */
const GRADIENTS_PER_POINT = 90;

const { fround } = Math;
/** What each value of a channel is of the brightness. */
const sharesOf = (share: number) =>
  Float32Array.from({ length: 256 }, (_, value) => fround(share) * value);
const REDS = sharesOf(0.299);
const GREENS = sharesOf(0.587);
const BLUES = sharesOf(0.114);

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
  const places = placesAlong(columns, (column) => 3 * Math.floor((column * width) / columns));
  let to = 0;
  for (let row = 0; row < rows; row += 1) {
    const line = 3 * Math.floor((row * height) / rows) * width;
    for (let column = 0; column < columns; column += 1) {
      const at = line + (places[column] ?? 0);
      const red = REDS[data[at] ?? 0] ?? 0;
      const green = GREENS[data[at + 1] ?? 0] ?? 0;
      luma[to] = fround(red + green) + (BLUES[data[at + 2] ?? 0] ?? 0);
      to += 1;
    }
  }
  return luma;
}

/** A blurred picture of 64 by 64 pixels: two box filters, one after the other, are a tent filter. */
function gridOf(luma: Float32Array, columns: number, rows: number): Float32Array {
  if (columns === GRID && rows === GRID) return luma;
  const atColumn = placesAlong(GRID, (column) => Math.floor(((column + 0.5) * columns) / GRID));
  const atRow = placesAlong(GRID, (row) => Math.floor(((row + 0.5) * rows) / GRID));
  const between = new Float32Array(luma.length);
  const along = { lines: rows, apart: columns, step: 1, length: columns };
  const down = { lines: columns, apart: 1, step: columns, length: rows };
  blur(luma, between, along);
  blur(between, luma, down);
  blur(luma, between, along);
  // Of the last blur only the columns are made that the grid takes.
  const narrow = picked(between, columns, rows, atColumn);
  const blurred = new Float32Array(narrow.length);
  blur(narrow, blurred, { lines: GRID, apart: 1, step: GRID, length: rows });
  return Float32Array.from({ length: GRID * GRID }, (_, at) => {
    return blurred[(atRow[Math.floor(at / GRID)] ?? 0) * GRID + (at % GRID)] ?? 0;
  });
}

function placesAlong(length: number, placeOf: (at: number) => number): Int32Array {
  return Int32Array.from({ length }, (_, at) => placeOf(at));
}

/** Some columns of a matrix. */
function picked(from: Float32Array, columns: number, rows: number, places: Int32Array) {
  const to = new Float32Array(places.length * rows);
  for (let row = 0; row < rows; row += 1)
    for (const [at, column] of places.entries())
      to[row * places.length + at] = from[row * columns + column] ?? 0;
  return to;
}

/** Lines of a matrix, rows or columns: where they are, and how a line goes on. */
interface Lines {
  readonly lines: number;
  /** From a line to the next one. */
  readonly apart: number;
  /** From a value of a line to the next one. */
  readonly step: number;
  readonly length: number;
}

/** Lines that are walked along together: a processor waits for a sum of one line, and not for those of several. */
const BAND = 8;

/**
 * The mean of each value and its neighbours, as many as there are. The sum slides along, so its
 * rounding depends on the order: what comes in is added before what goes out is taken off.
 */
function blur(from: Float32Array, to: Float32Array, { lines, apart, step, length }: Lines): void {
  const window = Math.ceil(length / (2 * GRID));
  const ahead = Math.floor((window + 2) / 2);
  const band = apart === 1 ? lines : BAND;
  for (let line = 0; line < lines; line += band) {
    const sums = new Float32Array(Math.min(band, lines - line));
    const start = line * apart;
    for (let at = 0; at < length + ahead - 1; at += 1) {
      const taken = start + at * step;
      const left = taken - window * step;
      if (at < length && at >= window) slide(sums, from, taken, left, apart);
      else if (at < length) add(sums, from, taken, apart);
      else subtract(sums, from, left, apart);
      const count = Math.min(at + 1, length) - Math.max(at + 1 - window, 0);
      if (at + 1 >= ahead) setMeans(sums, to, taken - (ahead - 1) * step, apart, count);
    }
  }
}

function slide(sums: Float32Array, from: Float32Array, taken: number, left: number, apart: number) {
  for (let at = 0, place = 0; at < sums.length; at += 1, place += apart) {
    const sum = fround((sums[at] ?? 0) + (from[taken + place] ?? 0));
    sums[at] = sum - (from[left + place] ?? 0);
  }
}

function add(sums: Float32Array, from: Float32Array, taken: number, apart: number) {
  for (let at = 0; at < sums.length; at += 1)
    sums[at] = (sums[at] ?? 0) + (from[taken + at * apart] ?? 0);
}

function subtract(sums: Float32Array, from: Float32Array, left: number, apart: number) {
  for (let at = 0; at < sums.length; at += 1)
    sums[at] = (sums[at] ?? 0) - (from[left + at * apart] ?? 0);
}

function setMeans(
  sums: Float32Array,
  to: Float32Array,
  start: number,
  apart: number,
  count: number,
) {
  for (let at = 0, place = start; at < sums.length; at += 1, place += apart)
    to[place] = (sums[at] ?? 0) / count;
}

/**
 * The 16 by 16 waves of a grid: a discrete cosine transform along columns and then along rows. Sums grow side by
 * side, each in the order of its own terms.
 */
function wavesOf(grid: Float32Array): Float32Array {
  const along = new Float32Array(WAVES * GRID);
  for (let wave = 0; wave < WAVES; wave += 1) {
    for (let row = 0; row < GRID; row += 1) {
      const cosine = COSINES[wave * GRID + row] ?? 0;
      for (let column = 0; column < GRID; column += 1) {
        const product = fround(cosine * (grid[row * GRID + column] ?? 0));
        const at = wave * GRID + column;
        along[at] = (along[at] ?? 0) + product;
      }
    }
  }
  const waves = new Float32Array(WAVES * WAVES);
  for (let down = 0; down < WAVES; down += 1) {
    for (let column = 0; column < GRID; column += 1) {
      const value = along[down * GRID + column] ?? 0;
      for (let across = 0; across < WAVES; across += 1) {
        const product = fround(value * (COSINES[across * GRID + column] ?? 0));
        const at = down * WAVES + across;
        waves[at] = (waves[at] ?? 0) + product;
      }
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
