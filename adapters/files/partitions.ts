import { hash } from 'node:crypto';
import { appendFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Characters that wait in memory before they are written. */
const MAX_WAITING = 16 * 1024 * 1024;

/**
 * Lines of text by keys, parted by the hash of the key into files of a folder of their own: whatever has one key is in
 * one part, in the order in which it came. Memory is bounded, whatever is added.
 */
export class Partitions {
  readonly #folder: string;
  readonly #waiting = new Map<number, string[]>();
  readonly #written = new Set<number>();
  readonly count: number;
  #characters = 0;

  private constructor(folder: string, count: number) {
    this.#folder = folder;
    this.count = count;
  }

  /** In the folder for temporary files. */
  static async create(count: number): Promise<Partitions> {
    return new Partitions(await mkdtemp(join(tmpdir(), 'crawl-')), count);
  }

  /** A line must have no line end in it. */
  async add(key: string, line: string): Promise<void> {
    const part = hash('md5', key, 'buffer').readUInt32LE() % this.count;
    const waiting = this.#waiting.get(part);
    if (waiting === undefined) this.#waiting.set(part, [line]);
    else waiting.push(line);
    this.#characters += line.length;
    if (this.#characters >= MAX_WAITING) await this.#write();
  }

  /** The lines of a part. */
  async *read(part: number): AsyncGenerator<string> {
    await this.#write();
    if (!this.#written.has(part)) return;
    const file = await open(this.#path(part));
    yield* file.readLines();
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #write(): Promise<void> {
    for (const [part, lines] of this.#waiting) {
      await appendFile(this.#path(part), `${lines.join('\n')}\n`);
      this.#written.add(part);
    }
    this.#waiting.clear();
    this.#characters = 0;
  }

  #path(part: number): string {
    return join(this.#folder, String(part));
  }
}
