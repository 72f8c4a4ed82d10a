import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginsBlock, PairLookup, PairReader, PairWriter } from './pair-file.ts';

/** Keys that are gathered before they are sorted and written: 8 MB. */
const GATHERED = 1_000_000;
/** Files that are merged at once; each has a buffer of 64 KiB. */
const MERGED = 16;

interface KeyCountLimits {
  readonly gathered?: number;
  readonly merged?: number;
}

/**
 * How often each of any number of keys was counted, in flat memory: keys are sorted in portions,
 * which are merged in files of a temporary folder. A few keys need no file.
 */
export class KeyCounts implements Disposable {
  readonly #gathered: Float64Array;
  readonly #merged: number;
  #filled = 0;
  #folder: string | undefined;
  #files: string[] = [];
  #made = 0;
  #lookup: PairLookup | undefined;

  /** The limits are replaced by tests. */
  constructor({ gathered = GATHERED, merged = MERGED }: KeyCountLimits = {}) {
    this.#gathered = new Float64Array(gathered);
    this.#merged = merged;
  }

  /** Counts a key, a whole number. */
  add(key: number): void {
    this.#gathered[this.#filled] = key;
    this.#filled += 1;
    if (this.#filled === this.#gathered.length) this.#write();
  }

  /** Each key once, in rising order. Nothing more is counted. */
  *keys(): Generator<number> {
    if (this.#files.length === 0) for (const [key] of runsOf(this.#sorted())) yield key;
    else {
      const reader = new PairReader(this.#merge());
      for (; reader.key !== Number.POSITIVE_INFINITY; reader.next()) yield reader.key;
      reader.close();
    }
  }

  /** Nothing more is counted; gives how often a key was, undefined where it never was. */
  finish(): (key: number) => number | undefined {
    if (this.#files.length === 0) return countsIn(this.#sorted());
    const file = this.#merge();
    const lookup = new PairLookup(file, fencesOf(file));
    this.#lookup = lookup;
    return (key) => lookup.find(key);
  }

  [Symbol.dispose](): void {
    this.#lookup?.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  #merge(): string {
    this.#write();
    while (this.#files.length > 1) this.#mergeSome();
    return this.#files[0] ?? '';
  }

  #sorted(): Float64Array {
    return this.#gathered.subarray(0, this.#filled).sort();
  }

  #write(): void {
    const writer = new PairWriter(this.#newPath());
    for (const [key, count] of runsOf(this.#sorted())) writer.add(key, count);
    writer.close();
    this.#files.push(writer.path);
    this.#filled = 0;
  }

  #mergeSome(): void {
    const readers = this.#files.splice(0, this.#merged).map((path) => new PairReader(path));
    const writer = new PairWriter(this.#newPath());
    for (;;) {
      let key = Number.POSITIVE_INFINITY;
      for (const reader of readers) if (reader.key < key) key = reader.key;
      if (key === Number.POSITIVE_INFINITY) break;
      let count = 0;
      for (const reader of readers) {
        if (reader.key !== key) continue;
        count += reader.count;
        reader.next();
      }
      writer.add(key, count);
    }
    writer.close();
    for (const reader of readers) reader.remove();
    this.#files.push(writer.path);
  }

  #newPath(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'crawl-counts-'));
    this.#made += 1;
    return join(this.#folder, String(this.#made));
  }
}

/** Each key of sorted ones once, with how often it is there. */
function* runsOf(sorted: Float64Array): Generator<readonly [key: number, count: number]> {
  for (let from = 0; from < sorted.length; ) {
    const key = sorted[from] ?? 0;
    let to = from + 1;
    while (sorted[to] === key) to += 1;
    yield [key, to - from];
    from = to;
  }
}

function countsIn(sorted: Float64Array): (key: number) => number | undefined {
  const counts = new Map(runsOf(sorted));
  return (key) => counts.get(key);
}

function fencesOf(path: string): readonly number[] {
  const reader = new PairReader(path);
  const fences: number[] = [];
  for (let pair = 0; reader.key !== Number.POSITIVE_INFINITY; pair += 1) {
    if (beginsBlock(pair)) fences.push(reader.key);
    reader.next();
  }
  reader.close();
  return fences;
}
