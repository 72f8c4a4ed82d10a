/** Bits of a perceptual hash. */
const BITS = 256;
/** A hash is so many words of 32 bits. */
export const WORDS = BITS / 32;

/** Perceptual hashes of 256 bits, each once, in little memory. */
export class HashSet {
  readonly #places = new Map<string, number>();
  #words = new Uint32Array(WORDS * 1024);

  /** The place of a hash of 64 hexadecimal digits; undefined for another text. */
  add(hash: string): number | undefined {
    const known = this.#places.get(hash);
    if (known !== undefined) return known;
    if (!/^[0-9a-f]{64}$/.test(hash)) return undefined;
    const place = this.#places.size;
    this.#places.set(hash, place);
    if (WORDS * (place + 1) > this.#words.length) {
      const larger = new Uint32Array(2 * this.#words.length);
      larger.set(this.#words);
      this.#words = larger;
    }
    for (let word = 0; word < WORDS; word += 1) {
      const digits = hash.slice(8 * word, 8 * word + 8);
      this.#words[WORDS * place + word] = Number.parseInt(digits, 16);
    }
    return place;
  }

  /** The place of a hash that was added. */
  placeOf(hash: string): number | undefined {
    return this.#places.get(hash);
  }

  get size(): number {
    return this.#places.size;
  }

  /** The 16 bits of a hash that are its band of this number, 0 to 15. */
  band(place: number, number: number): number {
    const word = this.#words[WORDS * place + (number >> 1)] ?? 0;
    return number % 2 === 0 ? word >>> 16 : word & 0xffff;
  }

  /** The 32 bits of a hash that are its word of this number, 0 to 7. */
  word(place: number, number: number): number {
    return this.#words[WORDS * place + number] ?? 0;
  }

  /** Whether two hashes differ in at most so many bits. */
  areNear(one: number, other: number, most: number): boolean {
    let differing = 0;
    for (let word = 0; word < WORDS; word += 1) {
      const here = this.#words[WORDS * one + word] ?? 0;
      const there = this.#words[WORDS * other + word] ?? 0;
      differing += bitsIn(here ^ there);
      if (differing > most) return false;
    }
    return true;
  }

  /** In how many bits two hashes differ. */
  distance(one: number, other: number): number {
    let differing = 0;
    for (let word = 0; word < WORDS; word += 1) {
      const here = this.#words[WORDS * one + word] ?? 0;
      differing += bitsIn(here ^ (this.#words[WORDS * other + word] ?? 0));
    }
    return differing;
  }
}

/** Bits that are set in a word: sums of pairs, of fours, of bytes. */
export function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
