import { Readable } from 'node:stream';
import type { SeedList } from '../../core/model/run.ts';
import type { SeedLine, SeedSource } from '../../core/ports/seed-source.ts';
import { readHead } from './list-head.ts';
import { type KnownList, knowList, TARGETS } from './list-shape.ts';
import type { OpenList } from './open-list.ts';
import { isSeekable, seedLines } from './seed-lines.ts';

/** Lists behind one scheme of locations. */
export class ListSource implements SeedSource {
  readonly #open: OpenList;

  constructor(open: OpenList) {
    this.#open = open;
  }

  /** How a list is read. Throws when it is gone. */
  async know(list: SeedList): Promise<KnownList> {
    return list.format === 'targets' ? TARGETS : knowList(await readHead(this.#open, list), list);
  }

  async *read(
    list: SeedList,
    after: { readonly line: number; readonly byte: number },
  ): AsyncGenerator<readonly SeedLine[]> {
    const { gzip } = list;
    const known = await this.know(list);
    const seekable = isSeekable({ gzip, charset: known.charset });
    const place = seekable ? after : { line: 0, byte: 0 };
    const isRead = known.shape.kind !== 'refused';
    const bytes = isRead ? await this.#open(list.location, place.byte) : Readable.from([]);
    try {
      for await (const entries of seedLines(bytes, known, gzip, place)) {
        const rest = entries.filter(({ line }) => line > after.line);
        if (rest.length > 0) yield rest;
      }
    } finally {
      bytes.destroy();
    }
  }
}
