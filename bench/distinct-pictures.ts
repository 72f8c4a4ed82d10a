import { PICTURE_FORMATS, readPicture } from '../cli/demo/pictures.ts';
import { picturePath } from './picture-path.ts';
import { seededFraction } from './seeded-fraction.ts';
import { stampPicture } from './stamp-picture.ts';

/** One of many pictures that differ in their bytes, and so in their hashes. */
export interface DistinctPicture {
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Pictures made when they are asked for: the same index and seed give the same bytes. */
export interface DistinctPictures {
  readonly count: number;
  /** Throws a RangeError for an index that is not from 0 to count - 1. */
  at(index: number): DistinctPicture;
}

/** Sizes are spread evenly over their logarithm between these, in bytes: about 26 kB in the mean. */
const MIN_BYTES = 8_000;
const MAX_BYTES = 59_000;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** So many different valid pictures, made from the demo's by padding them to sizes as on the web. */
export async function distinctPictures(count: number, seed = 1): Promise<DistinctPictures> {
  const bases = await Promise.all(PICTURE_FORMATS.map((_, n) => readPicture(n)));
  const filling = fillingOf(seed);
  const at = (index: number): DistinctPicture => {
    const base = bases[index % bases.length];
    if (base === undefined || index >= count) throw new RangeError(`picture ${index} of ${count}`);
    const text = textOf(index, seed, sizeOf(index, seed) - base.bytes.length, filling);
    const bytes = stampPicture(base.format, base.bytes, text);
    return { path: picturePath(index), contentType: base.contentType, bytes };
  };
  return { count, at };
}

function sizeOf(index: number, seed: number): number {
  return MIN_BYTES * (MAX_BYTES / MIN_BYTES) ** seededFraction(index, seed);
}

/** The index makes the text unlike any other, the filling makes it long. */
function textOf(index: number, seed: number, length: number, filling: Buffer): Buffer {
  const name = Buffer.from(`picture ${index} of seed ${seed} `);
  return Buffer.concat([name, filling.subarray(0, Math.max(0, length - name.length))]);
}

/** Letters without a pattern, so that nothing on the way can compress them to nothing. */
function fillingOf(seed: number): Buffer {
  const letters = Array.from({ length: MAX_BYTES }, (_, n) =>
    ALPHABET.charAt(seededFraction(n, ~seed) * ALPHABET.length),
  );
  return Buffer.from(letters.join(''));
}
