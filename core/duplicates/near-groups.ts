import { bitsIn, type HashSet, WORDS } from './hash-set.ts';

/** Bands of a hash, of 16 bits each. */
const BANDS = 16;
const BAND_BITS = 16;
const BAND_VALUES = 2 ** BAND_BITS;

/** Most differing bits at which pictures count as the same, as the authors of PDQ recommend; more cannot be found. */
export const MAX_DISTANCE = 31;

/**
 * The group of each hash, named by the place of one of them: hashes are in a group when steps of at most
 * `most` differing bits lead from each to the others. Two hashes that differ in at most 31 bits differ in
 * at most 3 bits of one of 8 words, and there in at most one bit of one of its halves: so each is compared
 * with those that share 15 bits of a half with it, by one word first, which lies beside theirs. A million
 * hashes take seconds and not the days of all pairs.
 */
export function nearGroups(hashes: HashSet, most: number): Uint32Array {
  const groups = new Groups(hashes.size);
  const mostInWord = Math.floor(most / WORDS);
  for (let number = 0; number < BANDS; number += 1) {
    const band = new Band(hashes, number);
    const join = (one: number, other: number) => {
      if (hashes.areNear(one, other, most)) groups.join(one, other);
    };
    for (let value = 0; value < BAND_VALUES; value += 1) band.compare(value, mostInWord, join);
  }
  return groups.all();
}

/** Hashes in the order of one band, each with the word that the band is a half of. */
class Band {
  readonly #starts = new Uint32Array(BAND_VALUES + 1);
  readonly #places: Uint32Array;
  readonly #words: Uint32Array;

  constructor(hashes: HashSet, number: number) {
    const { size } = hashes;
    this.#places = new Uint32Array(size);
    this.#words = new Uint32Array(size);
    for (let place = 0; place < size; place += 1)
      add(this.#starts, hashes.band(place, number) + 1, 1);
    for (let value = 1; value <= BAND_VALUES; value += 1)
      add(this.#starts, value, this.#starts[value - 1] ?? 0);
    const next = this.#starts.slice();
    for (let place = 0; place < size; place += 1) {
      const value = hashes.band(place, number);
      const at = next[value] ?? 0;
      this.#places[at] = place;
      this.#words[at] = hashes.word(place, number >> 1);
      next[value] = at + 1;
    }
  }

  /** Compares hashes of a value with each other, and with those of each greater value that is one bit away. */
  compare(value: number, most: number, join: (one: number, other: number) => void): void {
    const end = this.#starts[value + 1] ?? 0;
    for (let at = this.#starts[value] ?? 0; at < end; at += 1) {
      this.#compareWith(at, at + 1, end, most, join);
      for (let bit = 1; bit < BAND_VALUES; bit <<= 1) {
        const other = value ^ bit;
        if (other < value) continue;
        this.#compareWith(at, this.#starts[other] ?? 0, this.#starts[other + 1] ?? 0, most, join);
      }
    }
  }

  #compareWith(
    at: number,
    from: number,
    to: number,
    most: number,
    join: (one: number, other: number) => void,
  ): void {
    const words = this.#words;
    const word = words[at] ?? 0;
    for (let other = from; other < to; other += 1) {
      if (bitsIn(word ^ (words[other] ?? 0)) <= most)
        join(this.#places[at] ?? 0, this.#places[other] ?? 0);
    }
  }
}

function add(sums: Uint32Array, at: number, count: number): void {
  sums[at] = (sums[at] ?? 0) + count;
}

/** Disjoint sets of places: those that were joined have one name. */
class Groups {
  readonly #above: Uint32Array;

  constructor(size: number) {
    this.#above = Uint32Array.from({ length: size }, (_, place) => place);
  }

  join(one: number, other: number): void {
    const name = this.#nameOf(one);
    const second = this.#nameOf(other);
    if (name !== second) this.#above[Math.max(name, second)] = Math.min(name, second);
  }

  all(): Uint32Array {
    return this.#above.map((_, place) => this.#nameOf(place));
  }

  #nameOf(place: number): number {
    let at = place;
    for (let above = this.#above[at] ?? at; above !== at; above = this.#above[at] ?? at) {
      this.#above[at] = this.#above[above] ?? above;
      at = above;
    }
    return at;
  }
}
