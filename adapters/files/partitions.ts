import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linePortions } from './line-portions.ts';

/** Bytes that wait in memory before they are written, of all parts. */
const MAX_WAITING = 16 * 1024 * 1024;
/** Of one part. */
const MAX_OF_PART = 128 * 1024;
/** Most bytes of a character of a text in UTF-8, by its code units. */
const MAX_UNIT_BYTES = 3;

/** Bytes of one part that are not written yet. */
interface Waiting {
  readonly bytes: Buffer;
  length: number;
}

/**
 * Lines of text by keys, parted by the hash of the key into files of a folder of their own: whatever has one key is in
 * one part, in the order in which it came. Memory is bounded, whatever is added. Lines wait as bytes, for texts that
 * live so long are what garbage collection takes most of its time for.
 */
export class Partitions {
  readonly #folder: string;
  readonly #waiting: (Waiting | undefined)[];
  readonly #partBytes: number;
  readonly count: number;

  private constructor(folder: string, count: number) {
    this.#folder = folder;
    this.#waiting = Array.from({ length: count });
    this.#partBytes = Math.min(MAX_OF_PART, Math.floor(MAX_WAITING / count));
    this.count = count;
  }

  /** In a folder of its own within another: that of the system for temporary files, unless it is told. */
  static async create(count: number, parent = tmpdir()): Promise<Partitions> {
    return new Partitions(await mkdtemp(join(parent, 'crawl-')), count);
  }

  /** A line must have no line end in it. Resolves when there is room again; undefined where there is. */
  add(key: string, line: string): Promise<void> | undefined {
    const part = numberOf(key) % this.count;
    const waiting = this.#waiting[part] ?? {
      bytes: Buffer.allocUnsafe(this.#partBytes),
      length: 0,
    };
    this.#waiting[part] = waiting;
    const most = line.length * MAX_UNIT_BYTES + 1;
    if (waiting.length + most > this.#partBytes) return this.#write(part, waiting, line);
    waiting.length += waiting.bytes.write(`${line}\n`, waiting.length);
    return undefined;
  }

  /** The lines of a part, in portions. Nothing is added to it afterwards. */
  async *read(part: number): AsyncGenerator<readonly string[]> {
    const waiting = this.#waiting[part];
    if (waiting === undefined) return;
    await this.#write(part, waiting);
    this.#waiting[part] = undefined;
    yield* linePortions(this.#path(part));
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Writes what waits, and a line behind it. */
  async #write(part: number, waiting: Waiting, line?: string): Promise<void> {
    const bytes = waiting.bytes.subarray(0, waiting.length);
    const behind = line === undefined ? '' : `${line}\n`;
    await appendFile(this.#path(part), Buffer.concat([bytes, Buffer.from(behind)]));
    waiting.length = 0;
  }

  #path(part: number): string {
    return join(this.#folder, String(part));
  }
}

/** FNV-1a of 32 bits: for files that nobody attacks it parts as well as a digest, at a twentieth of its cost. */
function numberOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
