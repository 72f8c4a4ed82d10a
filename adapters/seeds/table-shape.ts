import { type CsvError, type Options, parse } from 'csv-parse/sync';
import type { SeedList } from '../../core/model/run.ts';
import {
  type ChosenColumn,
  type Column,
  chooseColumn,
  DEFAULT_COLUMN,
  isSameName,
} from '../../core/seed/choose-column.ts';
import { findColumns, type KeptColumn, type WantedColumns } from '../../core/seed/find-columns.ts';
import { isUrlText, textsOfCell } from '../../core/seed/list-text.ts';
import { MAX_LINE_BYTES } from './max-line-bytes.ts';

/** A table: CSV, TSV, or with another delimiter. */
export interface TableShape {
  readonly kind: 'table';
  readonly delimiter: string;
  /** Whether the first row names the columns. */
  readonly hasHeader: boolean;
  /** Cells of the first row. */
  readonly width: number;
  /** Of the column that is read, counted from 0. */
  readonly index: number;
  /** As a person names the column: its name, or its number where the name is not its alone. */
  readonly column: string;
  readonly by: 'name' | 'content';
  /** Other columns that could be meant, named in the same way. */
  readonly others: readonly string[];
  /** Of the column with hashes, counted from 0. */
  readonly hashIndex?: number;
  readonly kept: readonly KeptColumn[];
  /** Those that hooks are given. */
  readonly given: readonly KeptColumn[];
}

/** What tells how a list is read. */
export type ListWishes = Pick<SeedList, 'format' | 'field'> & WantedColumns;

type Refused = { readonly kind: 'refused'; readonly problem: string };
type Rows = readonly (readonly string[])[];

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Rows that tell the shape of a table. */
const SAMPLE_ROWS = 50;

/** What all tables are parsed with. Line ends may differ from row to row. */
export const TABLE_OPTIONS = {
  relax_column_count: true,
  relax_quotes: true,
  ltrim: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  max_record_size: MAX_LINE_BYTES,
} satisfies Options;

/** How a text is read as a table; undefined when it is not a table, or is empty. */
export function tableShape(
  text: string,
  { format, field, ...wanted }: ListWishes,
): TableShape | Refused | undefined {
  const { delimiter, rows } = bestParsed(text, field);
  if (rows.length === 0) return undefined;
  if (format !== 'csv' && !isTable(rows, field)) return undefined;
  const hasHeader = !rows.some((row, at) => at === 0 && row.some(isCleanUrl));
  const columns = columnsOf(rows, hasHeader);
  const chosen = chosenColumn(columns, hasHeader, field);
  if (chosen.kind === 'none')
    return { kind: 'refused', problem: missingColumn(columns, hasHeader, field) };
  const names = columns.map(({ name }) => name);
  const found = findColumns(names, wanted);
  if (found.kind === 'missing')
    return { kind: 'refused', problem: missingColumn(columns, hasHeader, found.name) };
  const { index, by } = chosen;
  const named = (at: number) => nameOf(columns, hasHeader, at);
  const twins = columns.flatMap(({ name }, at) =>
    hasHeader && at !== index && isSameName(name, columns[index]?.name ?? '') ? [at] : [],
  );
  const others = [...new Set([...twins, ...chosen.others])].map(named);
  const shape = { kind: 'table', delimiter, hasHeader, width: columns.length } as const;
  const { hashIndex, kept, given } = found;
  return { ...shape, index, by, column: named(index), others, hashIndex, kept, given };
}

/** A column by its name, or by its number where no column has such a name. */
export function chosenColumn(
  columns: readonly Column[],
  hasHeader: boolean,
  wanted?: string,
): ChosenColumn {
  const chosen = chooseColumn(columns, hasHeader ? wanted : undefined);
  const byName = hasHeader || wanted === undefined ? chosen : ({ kind: 'none' } as const);
  if (byName.kind === 'chosen' || wanted === undefined || !/^[1-9]\d{0,4}$/.test(wanted))
    return byName;
  const index = Number(wanted) - 1;
  return index < columns.length ? { kind: 'chosen', index, by: 'name', others: [] } : byName;
}

function columnsOf(rows: Rows, hasHeader: boolean): readonly Column[] {
  const [first = [], ...rest] = rows;
  const values = (at: number) => (hasHeader ? rest : rows).map((row) => row[at] ?? '');
  return first.map((name, at) => ({ name: hasHeader ? name : '', values: values(at) }));
}

function nameOf(columns: readonly Column[], hasHeader: boolean, index: number): string {
  const name = columns[index]?.name.trim() ?? '';
  const same = columns.filter((column) => isSameName(column.name, name));
  return hasHeader && name !== '' && same.length === 1 ? name : String(index + 1);
}

/** What is said of a table without a wanted column. */
export function missingColumn(
  columns: readonly Pick<Column, 'name'>[],
  hasHeader: boolean,
  wanted = DEFAULT_COLUMN,
): string {
  if (!hasHeader)
    return `has no header, so no column "${wanted}": give its number, --column 1 to ${columns.length}`;
  const names = columns.slice(0, 50).map(({ name }) => `"${name.trim()}"`);
  const rest = columns.length > 50 ? ` and ${columns.length - 50} more` : '';
  const advice = wanted === DEFAULT_COLUMN ? ' (choose one with --column)' : '';
  return `has no column "${wanted}", only ${names.join(', ')}${rest}${advice}`;
}

/** A list of another name is a table when its first row is a header and its column is there. */
function isTable([header = [], ...rows]: Rows, field: string | undefined): boolean {
  if (header.some(isUrlText) || header[0]?.startsWith('#') === true) return false;
  if (field !== undefined) return header.some((name) => isSameName(name, field));
  if (header.length < 2) return false;
  if (header.some((name) => isSameName(name, DEFAULT_COLUMN))) return true;
  return (
    rows.length > 0 && rows.every((row) => row.length === header.length && row.some(isCleanUrl))
  );
}

/** The delimiter under which the first rows are most of a table; the usual one where none is. */
function bestParsed(text: string, field: string | undefined) {
  const parsed = DELIMITERS.map((delimiter) => {
    const rows = parsedRows(text, delimiter);
    return { delimiter, rows, score: scoreOf(rows, field ?? DEFAULT_COLUMN) };
  });
  return parsed.reduce((best, other) => (other.score > best.score ? other : best));
}

/** A column of the name counts more than everything else, then URLs in cells, then rows of one length. */
function scoreOf([header = [], ...rows]: Rows, wanted: string): number {
  const all = [header, ...rows];
  const share = (test: (row: readonly string[]) => boolean) => all.filter(test).length / all.length;
  const isNamed = header.some((name) => isSameName(name, wanted)) ? 4 : 0;
  const even = header.length > 1 ? share(({ length }) => length === header.length) : 0;
  const over = share(({ length }) => length > header.length);
  return isNamed + 2 * share((row) => row.some(isCleanUrl)) + even - over;
}

function isCleanUrl(cell: string): boolean {
  return isUrlText(cell) && textsOfCell(cell).every(({ problem }) => problem === undefined);
}

/** As many rows as the beginning of a list has whole. */
function parsedRows(text: string, delimiter: string): Rows {
  const rows: string[][] = [];
  try {
    parse(text, {
      ...TABLE_OPTIONS,
      delimiter,
      to: SAMPLE_ROWS,
      on_record: (row: string[]) => {
        if (row.some((cell) => cell.trim() !== '')) rows.push(row);
        return null;
      },
    });
  } catch (error) {
    if (!isCsvError(error)) throw error;
  }
  return rows;
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');
}
