import type { SchemaTree } from 'hyparquet';
import type { ColumnValue } from '../../../core/model/column-value.ts';
import type { Column } from '../../../core/seed/choose-column.ts';
import { findColumns, type KeptColumn } from '../../../core/seed/find-columns.ts';
import { BrokenListError } from '../list-head.ts';
import { chosenColumn, type ListWishes, missingColumn } from '../table-shape.ts';
import { parquetRows } from './parquet-rows.ts';
import type { ParquetTable } from './parquet-table.ts';

/** A Parquet file whose columns are known. */
export interface ParquetShape {
  readonly kind: 'parquet';
  readonly table: ParquetTable;
  /** Column that is read. */
  readonly column: string;
  readonly by: 'name' | 'content';
  /** Other columns that could be meant. */
  readonly others: readonly string[];
  readonly hashColumn?: string;
  /** Its hashes are bytes and no texts. */
  readonly hasHashBytes: boolean;
  /** Columns that are kept, with the names that they have in results. */
  readonly kept: readonly KeptColumn[];
  /** The same of those that hooks are given. */
  readonly given: readonly KeptColumn[];
}

type Refused = { readonly kind: 'refused'; readonly problem: string };

/** Rows that tell what a column holds. */
const SAMPLE_ROWS = 50;
/** Columns that are looked at for URLs: each takes a request. */
const MAX_SAMPLED = 100;

/** How a Parquet file is read. Throws when it is gone. */
export async function parquetShape(
  table: ParquetTable,
  { field, ...wanted }: Omit<ListWishes, 'format'>,
): Promise<ParquetShape | Refused> {
  const names = table.columns.map(({ element }) => element.name);
  const nameAt = (index: number) => names[index] ?? '';
  const found = findColumns(names, wanted);
  const named = names.map((name) => ({ name }));
  if (found.kind === 'missing')
    return { kind: 'refused', problem: missingColumn(named, true, found.name) };
  try {
    const chosen = chosenColumn(await sampleOf(table), true, field);
    if (chosen.kind === 'none')
      return { kind: 'refused', problem: missingColumn(named, true, field) };
    const { hashIndex, kept, given } = found;
    return {
      kind: 'parquet',
      table,
      column: nameAt(chosen.index),
      by: chosen.by,
      others: chosen.others.map(nameAt),
      hashColumn: hashIndex === undefined ? undefined : nameAt(hashIndex),
      hasHashBytes: hashIndex !== undefined && isBytes(table.columns[hashIndex]),
      kept,
      given,
    };
  } catch (error) {
    if (!(error instanceof BrokenListError)) throw error;
    return { kind: 'refused', problem: `cannot be read: ${error.message}` };
  }
}

function isBytes(column: SchemaTree | undefined): boolean {
  const { type, converted_type, logical_type } = column?.element ?? {};
  if (type === 'FIXED_LEN_BYTE_ARRAY') return true;
  return type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
}

/** The first values of columns of texts; a nested column would have to be read as a whole. */
async function sampleOf(table: ParquetTable): Promise<readonly Column[]> {
  const texts = table.columns.flatMap(({ element, children }) =>
    element.type === 'BYTE_ARRAY' && children.length === 0 ? [element.name] : [],
  );
  const sampled = texts.slice(0, MAX_SAMPLED);
  const rows: (readonly ColumnValue[])[] = [];
  for await (const portion of parquetRows(table, sampled, 0)) {
    rows.push(...portion.slice(0, SAMPLE_ROWS).map(({ values }) => values));
    if (rows.length >= SAMPLE_ROWS) break;
  }
  return table.columns.map(({ element: { name } }) => {
    const at = sampled.indexOf(name);
    return { name, values: at === -1 ? [] : rows.flatMap((row) => textsIn(row[at])) };
  });
}

/** The texts of a cell: of a list all of its items. */
export function textsIn(value: ColumnValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
