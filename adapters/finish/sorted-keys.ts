import type { ShardShelf } from '../shards/shard-shelf.ts';

/** Keys that are read from an object at once: 1 MiB. */
const CHUNK = 131_072;
const KEY_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Sorted numbers in an object. */
interface KeyObject {
  readonly uri: string;
  readonly bytes: number;
}

/** The numbers of several objects, each of which is sorted: each number once, in rising order, in chunks. */
export async function* mergedKeys(
  shelf: ShardShelf,
  objects: readonly KeyObject[],
  chunk = CHUNK,
): AsyncGenerator<Float64Array> {
  const readers = objects.map((object) => new KeyReader(shelf, object, chunk));
  for (const reader of readers) await reader.fill();
  const merged = new Float64Array(chunk);
  let filled = 0;
  for (;;) {
    const next = lowestOf(readers);
    if (next === Number.POSITIVE_INFINITY) break;
    merged[filled] = next;
    filled += 1;
    if (filled === chunk) yield merged;
    filled %= chunk;
    for (const reader of readers) if (reader.passes(next)) await reader.fill();
  }
  yield merged.subarray(0, filled);
}

function lowestOf(readers: readonly KeyReader[]): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const { key } of readers) if (key < lowest) lowest = key;
  return lowest;
}

class KeyReader {
  readonly #shelf: ShardShelf;
  readonly #object: KeyObject;
  readonly #chunk: number;
  #keys = new Float64Array();
  #at = 0;
  #read = 0;
  /** The next one; infinite at the end. */
  key = Number.POSITIVE_INFINITY;

  constructor(shelf: ShardShelf, object: KeyObject, chunk: number) {
    this.#shelf = shelf;
    this.#object = object;
    this.#chunk = chunk;
  }

  /** Goes on behind a key; true when more has to be read before the next one is known. */
  passes(key: number): boolean {
    while (this.key <= key) {
      this.#at += 1;
      this.key = this.#keys[this.#at] ?? Number.POSITIVE_INFINITY;
    }
    return this.#at >= this.#keys.length && this.#read < this.#object.bytes;
  }

  async fill(): Promise<void> {
    const { uri, bytes } = this.#object;
    if (this.#read >= bytes) return;
    const range = {
      from: this.#read,
      bytes: Math.min(this.#chunk * KEY_BYTES, bytes - this.#read),
    };
    // A copy: numbers have to lie at multiples of their length.
    const read = Uint8Array.from(await this.#shelf.read(uri, range));
    this.#keys = new Float64Array(read.buffer);
    this.#read += read.byteLength;
    this.#at = 0;
    this.key = this.#keys[0] ?? Number.POSITIVE_INFINITY;
  }
}
