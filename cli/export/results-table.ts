import * as z from 'zod';
import type { ColumnType, TableColumn } from '../../adapters/datasets/column-types.ts';
import { ListColumns } from '../../adapters/datasets/list-columns.ts';
import { ParquetTable } from '../../adapters/datasets/parquet-table.ts';
import type { StagedLines } from '../../adapters/datasets/staged-lines.ts';
import { resultFields } from '../../core/model/result.ts';
import type { OutputSettings } from '../../core/model/run.ts';
import { csvLineOf, jsonLines, RESULT_FIELDS } from '../output/result-line.ts';
import { writeTexts, writeWhole } from '../output/write-whole.ts';

/** Numbers that are whole, though the schema does not say so. */
const WHOLE: ReadonlySet<string> = new Set(['width', 'height', 'durationMs', 'row']);

type Table = NonNullable<OutputSettings['table']>;

/** Writes all results as a table, in the order of their rows, whole or not at all. */
export function writeTable(staged: StagedLines, table: Table, path: string): Promise<void> {
  return writeWhole(path, (draft) => {
    if (table === 'parquet') return writeParquet(staged, draft);
    return writeTexts(draft, table === 'csv' ? csvTexts(staged) : jsonLines(staged.lines()));
  });
}

async function writeParquet({ columns, lines }: StagedLines, path: string): Promise<void> {
  const listed = new ListColumns(columns, FIELDS);
  const table = new ParquetTable(path, [...FIELDS.map(columnOf), ...listed.columns]);
  for await (const line of lines()) await table.add({ ...line, ...listed.valuesOf(line.columns) });
  await table.close();
}

async function* csvTexts({ columns, lines }: StagedLines): AsyncGenerator<string> {
  const listed = new ListColumns(columns, FIELDS);
  const names = [...FIELDS, ...listed.columns.map(({ name }) => name)];
  yield csvLineOf(names);
  for await (const line of lines()) {
    const values = new Map(Object.entries({ ...line, ...listed.valuesOf(line.columns) }));
    yield csvLineOf(names.map((name) => values.get(name)));
  }
}

/** The columns of the lists stand for themselves. */
const FIELDS: readonly string[] = ['row', ...RESULT_FIELDS].filter(
  (name, index, all) => name !== 'columns' && all.indexOf(name) === index,
);

function columnOf(name: string): TableColumn {
  return { name, type: typeOf(name, new Map(Object.entries(resultFields.shape)).get(name)) };
}

/** What is no number or truth value is text, or JSON as text. */
function typeOf(name: string, field: unknown): ColumnType {
  const schema = field instanceof z.ZodOptional ? field.unwrap() : field;
  if (schema instanceof z.ZodBoolean) return 'BOOLEAN';
  if (WHOLE.has(name) || schema instanceof z.ZodNumberFormat) return 'INT64';
  return schema instanceof z.ZodNumber ? 'DOUBLE' : 'STRING';
}
