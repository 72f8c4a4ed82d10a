import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { knowList } from '../../adapters/seeds/list-shape.ts';
import { ListSource } from '../../adapters/seeds/list-source.ts';
import { openFile } from '../../adapters/seeds/open-file.ts';
import { seedEntries, seedLines } from '../../adapters/seeds/seed-lines.ts';
import type { SeedList } from '../../core/model/run.ts';
import type { SeedLine } from '../../core/ports/seed-source.ts';

export const START = { line: 0, byte: 0 } as const;

/** All that comes, in order. */
export async function gather<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** A text list that is not there. */
function aList(change: Partial<SeedList> = {}): SeedList {
  return {
    name: 'list',
    location: 'file:///nowhere',
    format: 'text',
    gzip: false,
    round: 0,
    ...change,
  };
}

/** A folder of lists for one test. */
export class ListFolder {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lists-'));
  readonly source = new ListSource(openFile);
  #files = 0;

  /** Writes a list. */
  list(content: string | Uint8Array, change: Partial<SeedList> = {}): SeedList {
    this.#files += 1;
    const path = join(this.#folder, `list ${this.#files}`);
    writeFileSync(path, content);
    return aList({ location: pathToFileURL(path).href, ...change });
  }

  /** Everything that is read of a list, from a place on. */
  async read(list: SeedList, after: { line: number; byte: number } = START): Promise<SeedLine[]> {
    return (await gather(this.source.read(list, after))).flat();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** Everything that is read of bytes that come in these chunks. */
export async function readChunks(
  chunks: readonly Uint8Array[],
  change: Partial<SeedList> = {},
): Promise<SeedLine[]> {
  const buffers = chunks.map((chunk) => Buffer.from(chunk));
  const list = aList(change);
  const known = knowList({ bytes: Buffer.concat(buffers), whole: true }, list);
  const reading = { place: START };
  const lines = seedLines(Readable.from(buffers), known, list.gzip, reading);
  return (await gather(seedEntries(lines, START))).flat();
}

/** Bytes in chunks of one length. */
export function inChunks(bytes: Uint8Array, length: number): readonly Uint8Array[] {
  const count = Math.ceil(bytes.byteLength / length);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * length, (at + 1) * length));
}
