import { join } from 'node:path';
import { ColumnTypes, type TableColumn } from './column-types.ts';
import { type DataSetLine, isAboutImage, orderOf } from './data-set-line.ts';
import { LineSorter } from './line-sorter.ts';

/** How many lines there are, and how they ended. */
export interface LineCounts {
  /** Lines about images, kept or not. */
  readonly rows: number;
  /** Images that were kept. */
  readonly images: number;
  /** Lines by reason; those that succeeded have none. */
  readonly reasons: Readonly<Record<string, number>>;
  /** ISO 8601; absent where nothing was fetched. */
  readonly lastFetched?: string;
}

/** All results of a run in the order of their rows, and what has to be known before the first is written. */
export interface StagedLines {
  readonly counts: LineCounts;
  /** Columns that the lists had besides URLs. */
  readonly columns: readonly TableColumn[];
  /** In order; may be asked for again. */
  lines(): AsyncGenerator<DataSetLine>;
  /** Removes what it keeps in its folder. */
  clear(): Promise<void>;
}

/** Reads all results once and sorts them, in bounded memory; `folder` is for its own files. */
export async function stageLines(
  results: AsyncIterable<DataSetLine>,
  folder: string,
  onLine: () => void = () => {},
): Promise<StagedLines> {
  const sorter = new LineSorter(join(folder, 'sorted'));
  const types = new ColumnTypes();
  const tally = new Tally();
  for await (const { sightings: _, ...line } of results) {
    onLine();
    tally.add(line);
    if (line.columns !== undefined) types.learn(line.columns);
    await sorter.add(orderOf(line), JSON.stringify(line));
  }
  return {
    counts: tally.counts,
    columns: types.list(),
    lines: async function* () {
      for await (const text of sorter.sorted()) yield JSON.parse(text);
    },
    clear: () => sorter.clear(),
  };
}

class Tally {
  readonly #reasons = new Map<string, number>();
  #rows = 0;
  #images = 0;
  #last: string | undefined;

  add(line: DataSetLine): void {
    const { status, reason, fetchedAt } = line;
    if (isAboutImage(line)) {
      this.#rows += 1;
      if (status === 'succeeded') this.#images += 1;
    }
    if (reason !== null) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    if (fetchedAt === undefined) return;
    if (this.#last === undefined || fetchedAt > this.#last) this.#last = fetchedAt;
  }

  get counts(): LineCounts {
    const reasons = [...this.#reasons].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      rows: this.#rows,
      images: this.#images,
      reasons: Object.fromEntries(reasons),
      lastFetched: this.#last,
    };
  }
}
