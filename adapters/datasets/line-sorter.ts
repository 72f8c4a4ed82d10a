import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linePortions } from '../files/line-portions.ts';
import { mergeSorted } from './merge-sorted.ts';

/** Characters of lines that are sorted in memory at once. */
const PORTION_LENGTH = 16 * 1024 * 1024;
/** Between the key of a line and its text: it comes before every other character, so that keys decide. */
const MARK = '\0';

/**
 * Sorts lines of any number by their keys, by code units: in memory as far as `PORTION_LENGTH`
 * reaches, and beyond by merging sorted portions from files of a folder of its own.
 */
export class LineSorter {
  readonly #folder: string;
  readonly #portionLength: number;
  #portion: string[] = [];
  #length = 0;
  #files = 0;

  constructor(folder: string, portionLength = PORTION_LENGTH) {
    this.#folder = folder;
    this.#portionLength = portionLength;
  }

  /** Takes a line; the text has no line feed. */
  async add(key: string, text: string): Promise<void> {
    this.#portion.push(`${key.replaceAll(/[\0\n]/g, ' ')}${MARK}${text}`);
    this.#length += key.length + text.length;
    if (this.#length >= this.#portionLength) await this.#spill();
  }

  /** The lines in their order; may be asked for again. Nothing is added afterwards. */
  async *sorted(): AsyncGenerator<string> {
    if (this.#files === 0) {
      for (const line of this.#portion.sort()) yield textOf(line);
      return;
    }
    if (this.#portion.length > 0) await this.#spill();
    const portions = Array.from({ length: this.#files }, (_, file) =>
      linePortions(this.#path(file)),
    );
    for await (const line of mergeSorted(portions)) yield textOf(line);
  }

  /** Removes its files. */
  async clear(): Promise<void> {
    this.#portion = [];
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #spill(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    // Without a function the engine compares code units itself, many times as fast.
    const lines = this.#portion.sort();
    await writeFile(this.#path(this.#files), `${lines.join('\n')}\n`);
    this.#files += 1;
    this.#portion = [];
    this.#length = 0;
  }

  #path(file: number): string {
    return join(this.#folder, String(file));
  }
}

function textOf(line: string): string {
  return line.slice(line.indexOf(MARK) + 1);
}
