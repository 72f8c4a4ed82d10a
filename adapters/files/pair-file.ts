import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

/** Numbers of a pair: a key, and how often it was counted. */
const PAIR = 2;
const PAIR_BYTES = PAIR * Float64Array.BYTES_PER_ELEMENT;
/** Pairs that are read or written at once, one after the other: 64 KiB. */
const BUFFER = 4096;
/** Pairs of a block, one of which is read to find a pair: 4 KiB. */
const BLOCK = 256;
/** Blocks that a lookup keeps in memory: 16 MiB. */
const MAX_BLOCKS = 4096;

/** Writes pairs one after the other; their keys have to rise. */
export class PairWriter {
  readonly path: string;
  readonly #file: number;
  readonly #block = new Float64Array(PAIR * BUFFER);
  #filled = 0;

  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'wx');
  }

  add(key: number, count: number): void {
    this.#block[this.#filled] = key;
    this.#block[this.#filled + 1] = count;
    this.#filled += PAIR;
    if (this.#filled === this.#block.length) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(
      this.#file,
      new Uint8Array(this.#block.buffer, 0, this.#filled * Float64Array.BYTES_PER_ELEMENT),
    );
    this.#filled = 0;
  }
}

/** Reads such a file from its beginning: `key` and `count` are those of the pair in front. */
export class PairReader {
  readonly path: string;
  key = Number.POSITIVE_INFINITY;
  count = 0;
  readonly #file: number;
  readonly #block = new Float64Array(PAIR * BUFFER);
  #at = 0;
  #filled = 0;

  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'r');
    this.next();
  }

  /** Goes on; behind the last pair `key` is infinite. */
  next(): void {
    if (this.#at === this.#filled) this.#fill();
    this.key = this.#filled === 0 ? Number.POSITIVE_INFINITY : (this.#block[this.#at] ?? 0);
    this.count = this.#block[this.#at + 1] ?? 0;
    this.#at += PAIR;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Closes the file and removes it. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  #fill(): void {
    const bytes = readSync(this.#file, new Uint8Array(this.#block.buffer));
    this.#filled = (bytes / PAIR_BYTES) * PAIR;
    this.#at = 0;
  }
}

/** Finds pairs of such a file by their keys, with one read for each that is asked for. */
export class PairLookup {
  readonly #file: number;
  /** The first key of each block. */
  readonly #fences: readonly number[];
  readonly #blocks = new Map<number, Float64Array>();

  constructor(path: string, fences: readonly number[]) {
    this.#file = openSync(path, 'r');
    this.#fences = fences;
  }

  find(key: number): number | undefined {
    const at = lastAtMost(this.#fences.length, (place) => this.#fences[place] ?? 0, key);
    if (at < 0) return undefined;
    const block = this.#blocks.get(at) ?? this.#read(at);
    const pair = lastAtMost(block.length / PAIR, (place) => block[PAIR * place] ?? 0, key);
    return pair >= 0 && block[PAIR * pair] === key ? block[PAIR * pair + 1] : undefined;
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(at: number): Float64Array {
    const block = new Float64Array(PAIR * BLOCK);
    const bytes = readSync(this.#file, new Uint8Array(block.buffer), {
      position: at * BLOCK * PAIR_BYTES,
    });
    const whole = block.subarray(0, bytes / Float64Array.BYTES_PER_ELEMENT);
    this.#blocks.set(at, whole);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > MAX_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
    return whole;
  }
}

/** Whether a new block begins with the pair of that number, counted from 0. */
export function beginsBlock(pair: number): boolean {
  return pair % BLOCK === 0;
}

/** The last of so many places that hold at most `key`, by rising values; -1 where there is none. */
function lastAtMost(length: number, valueAt: (place: number) => number, key: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueAt(middle) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
