import { Readable } from 'node:stream';
import type { SeedList } from '../../core/model/run.ts';
import type {
  ColumnUse,
  RowSource,
  SeedLine,
  SeedRow,
  SeedSource,
} from '../../core/ports/seed-source.ts';
import type { Entry } from './entries-of.ts';
import { BrokenListError, type ListHead, readHead } from './list-head.ts';
import { type KnownList, knowList, type ListShape, TARGETS } from './list-shape.ts';
import type { OpenList } from './open-list.ts';
import { listBytes } from './parquet/list-bytes.ts';
import { parquetLines } from './parquet/parquet-lines.ts';
import { parquetShape } from './parquet/parquet-shape.ts';
import { isParquet, openParquet } from './parquet/parquet-table.ts';
import { isSeekable, type Reading, seedEntries, seedLines } from './seed-lines.ts';

/** Lists behind one scheme of locations. */
export class ListSource implements SeedSource, RowSource {
  readonly #open: OpenList;

  constructor(open: OpenList) {
    this.#open = open;
  }

  /** How a list is read. Throws when it is gone. */
  async know(list: SeedList): Promise<KnownList> {
    if (list.format === 'targets') return TARGETS;
    const head = await readHead(this.#open, list);
    const isPacked = list.gzip || !isParquet(head.bytes);
    return isPacked ? knowList(head, list) : { shape: await this.#knowParquet(list, head) };
  }

  async *read(
    list: SeedList,
    after: { readonly line: number; readonly byte: number },
  ): AsyncGenerator<readonly SeedLine[]> {
    const use = list.hookColumns === undefined ? undefined : 'given';
    yield* this.#read(list, { place: after, use });
  }

  async *rows(list: SeedList, use: ColumnUse = 'kept'): AsyncGenerator<readonly SeedRow[]> {
    const reading = { place: { line: 0, byte: 0 }, use };
    for await (const entries of this.#read(list, reading))
      yield entries.map((entry) => ({ ...entry, row: entry.row ?? entry.line }));
  }

  async *#read(list: SeedList, reading: Reading): AsyncGenerator<readonly Entry[]> {
    const known = await this.know(list);
    const after = reading.place.line;
    if (known.shape.kind === 'parquet') {
      const lines = parquetLines(known.shape, after, reading.use);
      yield* seedEntries(lines, reading.place);
      return;
    }
    const { gzip, location } = list;
    const seekable = isSeekable({ gzip, charset: known.charset });
    const isRead = known.shape.kind !== 'refused';
    const fromByte = seekable ? reading.place.byte : 0;
    const bytes = isRead ? (await this.#open(location, fromByte)).bytes : Readable.from([]);
    try {
      const skipBytes = reading.place.byte - fromByte;
      const lines = seedLines(bytes, known, gzip, { ...reading, skipBytes });
      yield* seedEntries(lines, reading.place);
    } finally {
      bytes.destroy();
    }
  }

  async #knowParquet(list: SeedList, { size }: ListHead): Promise<ListShape> {
    try {
      const file = listBytes(this.#open, list.location, size);
      return await parquetShape(await openParquet(file), list);
    } catch (error) {
      if (!(error instanceof BrokenListError)) throw error;
      return { kind: 'refused', problem: error.message };
    }
  }
}
