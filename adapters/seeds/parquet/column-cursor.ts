import { parquetReadObjects, parquetSchema, type RowGroup, type SchemaElement } from 'hyparquet';
import { getTreePath } from 'hyparquet/src/schema.js';
import type { ColumnValue } from '../../../core/model/column-value.ts';
import { CODECS } from './codecs.ts';
import { ColumnPages } from './column-pages.ts';
import type { ParquetTable } from './parquet-table.ts';
import { parsersOf, toBytesValue, toColumnValue } from './values.ts';

/** A row group with the number of rows before it. */
export interface PlacedGroup {
  readonly group: RowGroup;
  readonly first: number;
  readonly rows: number;
}

/** Values of one column in one row group, in the order of its rows. */
export class ColumnCursor {
  readonly #next: () => Promise<ArrayLike<unknown> | undefined>;
  readonly #toValue: (value: unknown) => ColumnValue;
  #values: ArrayLike<unknown> = [];
  #at = 0;
  #skip: number;

  /** Begins behind the first `skip` rows of the group. */
  constructor(table: ParquetTable, name: string, placed: PlacedGroup, skip: number) {
    this.#skip = skip;
    const { type } = elementOf(table, name);
    this.#toValue = type === 'FIXED_LEN_BYTE_ARRAY' ? toBytesValue : toColumnValue;
    this.#next = isFlat(table, name)
      ? pagesOf(table, name, placed, () => this.#skip)
      : wholeOf(table, name, placed);
  }

  /** How many values are there: at least one, or none at the end. */
  async fill(): Promise<number> {
    while (this.#at === this.#values.length) {
      const values = await this.#next();
      if (values === undefined) return 0;
      const passed = Math.min(this.#skip, values.length);
      this.#skip -= passed;
      this.#values = values;
      this.#at = passed;
    }
    return this.#values.length - this.#at;
  }

  /** The next value, of those that `fill` told. */
  take(): ColumnValue {
    const value = this.#values[this.#at];
    this.#at += 1;
    return this.#toValue(value);
  }
}

function elementOf({ columns }: ParquetTable, name: string): SchemaElement {
  const column = columns.find(({ element }) => element.name === name);
  if (column === undefined) throw new Error('there is no such column');
  return column.element;
}

function isFlat({ columns }: ParquetTable, name: string): boolean {
  const column = columns.find(({ element }) => element.name === name);
  return column?.children.length === 0 && column.element.repetition_type !== 'REPEATED';
}

/** Page by page; of pages that are passed over only the length. */
function pagesOf(
  { file, metadata }: ParquetTable,
  name: string,
  { group, rows }: PlacedGroup,
  skip: () => number,
): () => Promise<ArrayLike<unknown> | undefined> {
  const chunk = group.columns.find((one) => one.meta_data?.path_in_schema[0] === name)?.meta_data;
  if (chunk === undefined) throw new Error('the column is not in all row groups');
  const path = getTreePath(parquetSchema(metadata), [name]);
  const pages = new ColumnPages(file, chunk, path, rows);
  return async () => {
    const page = await pages.next(skip());
    if (page === undefined || page.kind === 'values') return page?.values;
    return { length: page.rows };
  };
}

/** A nested column: its values may go on from page to page, so it is read as a whole. */
function wholeOf(
  table: ParquetTable,
  name: string,
  { first, rows }: PlacedGroup,
): () => Promise<ArrayLike<unknown> | undefined> {
  let isRead = false;
  return async () => {
    if (isRead) return undefined;
    isRead = true;
    const { file, metadata } = table;
    const found = await parquetReadObjects({
      file,
      metadata,
      columns: [name],
      rowStart: first,
      rowEnd: first + rows,
      compressors: CODECS,
      parsers: parsersOf(elementOf(table, name)),
      utf8: false,
      rowFormat: 'object',
    });
    return found.map((row) => row[name]);
  };
}
