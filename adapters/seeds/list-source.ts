import type { Readable } from 'node:stream';
import type { SeedLine, SeedSource } from '../../core/ports/seed-source.ts';
import type { SeedList } from '../../core/run.ts';
import { isSeekable, seedLines } from './seed-lines.ts';

/** Opens what a location names, from a byte on. Throws when it is not there. */
export type OpenList = (location: string, fromByte: number) => Promise<Readable>;

/** Lists behind one scheme of locations. */
export class ListSource implements SeedSource {
  readonly #open: OpenList;

  constructor(open: OpenList) {
    this.#open = open;
  }

  async *read(
    list: SeedList,
    after: { readonly line: number; readonly byte: number },
  ): AsyncGenerator<readonly SeedLine[]> {
    const place = isSeekable(list) ? after : { line: 0, byte: 0 };
    const bytes = await this.#open(list.location, place.byte);
    try {
      for await (const lines of seedLines(bytes, list, place)) {
        const rest = lines.filter(({ line }) => line > after.line);
        if (rest.length > 0) yield rest;
      }
    } finally {
      bytes.destroy();
    }
  }
}
