import type * as z from 'zod';
import type { TableColumn } from '../../adapters/datasets/column-types.ts';
import type { DataSetLine } from '../../adapters/datasets/data-set-line.ts';
import { ExtraColumns } from '../../adapters/datasets/extra-columns.ts';
import { ListColumns } from '../../adapters/datasets/list-columns.ts';
import { ParquetTable } from '../../adapters/datasets/parquet-table.ts';
import { resultColumn } from '../../adapters/datasets/result-columns.ts';
import type { StagedLines } from '../../adapters/datasets/staged-lines.ts';
import { extraFields } from '../../core/model/extra-fields.ts';
import type { OutputSettings } from '../../core/model/run.ts';
import { csvLineOf, jsonLines, RESULT_FIELDS } from '../output/result-line.ts';
import { writeTexts, writeWhole } from '../output/write-whole.ts';

type Table = NonNullable<OutputSettings['table']>;

/** Writes all results as a table, in the order of their rows, whole or not at all. */
export function writeTable(
  staged: StagedLines,
  table: Table,
  path: string,
  extra: z.ZodType = extraFields,
): Promise<void> {
  return writeWhole(path, (draft) => {
    if (table === 'parquet') return writeParquet(staged, draft, extra);
    return writeTexts(draft, table === 'csv' ? csvTexts(staged, extra) : jsonLines(staged.lines()));
  });
}

/** A row of a table by the names of its columns. */
type Row = Readonly<Record<string, unknown>>;

/** The columns of a table: fields of results, those of hooks, and those of the lists. */
function tableOf(listColumns: readonly TableColumn[], schema: z.ZodType) {
  const extra = new ExtraColumns(schema, FIELDS);
  const before = [...FIELDS.map(resultColumn), ...extra.columns];
  const listed = new ListColumns(
    listColumns,
    before.map(({ name }) => name),
  );
  const rowOf = (line: DataSetLine): Row => {
    return { ...line, ...extra.namedValues(line.extra), ...listed.valuesOf(line.columns) };
  };
  return { columns: [...before, ...listed.columns], rowOf };
}

async function writeParquet(staged: StagedLines, path: string, extra: z.ZodType): Promise<void> {
  const { columns, rowOf } = tableOf(staged.columns, extra);
  const table = new ParquetTable(path, columns);
  for await (const line of staged.lines()) await table.add(rowOf(line));
  await table.close();
}

async function* csvTexts(staged: StagedLines, extra: z.ZodType): AsyncGenerator<string> {
  const { columns, rowOf } = tableOf(staged.columns, extra);
  yield csvLineOf(columns.map(({ name }) => name));
  for await (const line of staged.lines()) {
    const values = new Map(Object.entries(rowOf(line)));
    yield csvLineOf(columns.map(({ name }) => values.get(name)));
  }
}

/** The columns of the lists stand for themselves. */
const FIELDS: readonly string[] = ['row', ...RESULT_FIELDS].filter(
  (name, index, all) => name !== 'columns' && all.indexOf(name) === index,
);
