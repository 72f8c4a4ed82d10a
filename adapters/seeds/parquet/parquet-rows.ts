import type { ColumnValue } from '../../../core/model/column-value.ts';
import { BrokenListError } from '../list-head.ts';
import { ColumnCursor, type PlacedGroup } from './column-cursor.ts';
import type { ParquetTable } from './parquet-table.ts';
import { WatchedBytes } from './watched-bytes.ts';

/** Some columns of a row. */
export interface ParquetRow {
  /** Counted from 1. */
  readonly row: number;
  /** In the order in which the columns were asked for. */
  readonly values: readonly ColumnValue[];
}

/** Rows given at once. */
const PORTION = 1000;

/**
 * Some columns of the rows after the first `after`, in portions: row group by row group, page by page, nothing of other
 * columns. @throws BrokenListError where the file is damaged
 */
export async function* parquetRows(
  table: ParquetTable,
  names: readonly string[],
  after: number,
): AsyncGenerator<readonly ParquetRow[]> {
  let first = 0;
  for (const group of table.metadata.row_groups) {
    const rows = Number(group.num_rows);
    const skip = Math.max(0, after - first);
    if (skip < rows) yield* groupRows(table, names, { group, first, rows }, skip);
    first += rows;
  }
}

async function* groupRows(
  table: ParquetTable,
  names: readonly string[],
  placed: PlacedGroup,
  skip: number,
): AsyncGenerator<readonly ParquetRow[]> {
  const last = placed.first + placed.rows;
  let row = placed.first + skip;
  const file = new WatchedBytes(table.file);
  const cursors = await unlessDamaged(file, row, async () =>
    names.map((name) => new ColumnCursor({ ...table, file }, name, placed, skip)),
  );
  while (row < last) {
    const portion = await unlessDamaged(file, row, async () => {
      const ready = await Promise.all(cursors.map((cursor) => cursor.fill()));
      const count = Math.min(PORTION, last - row, ...ready);
      if (count === 0) throw new Error('a column has fewer values than there are rows');
      return Array.from({ length: count }, (_, at) => ({
        row: row + at + 1,
        values: cursors.map((cursor) => cursor.take()),
      }));
    });
    row += portion.length;
    yield portion;
  }
}

async function unlessDamaged<T>(
  file: WatchedBytes,
  row: number,
  job: () => Promise<T>,
): Promise<T> {
  try {
    return await job();
  } catch (error) {
    throw new BrokenListError(`it is damaged after row ${row}: ${file.problemOf(error)}`);
  }
}
