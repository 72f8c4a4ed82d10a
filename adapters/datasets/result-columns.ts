import { extraFields } from '../../core/model/extra-fields.ts';
import { type ResultFields, resultFields } from '../../core/model/result.ts';
import type { TableColumn } from './column-types.ts';
import { columnTypeOf, ExtraColumns } from './extra-columns.ts';

/** Numbers that are whole, though the schema does not say so. */
const WHOLE: ReadonlySet<string> = new Set(['width', 'height', 'durationMs', 'row']);

/** The column for a field of results. */
export function resultColumn(name: string): TableColumn {
  const field = new Map(Object.entries(resultFields.shape)).get(name);
  return { name, type: WHOLE.has(name) ? 'INT64' : columnTypeOf(field) };
}

/** Found by reading a whole run, or its lists, once more: the table of a stack has the results alone. */
const NOT_SETTLED: ReadonlySet<string> = new Set(['foundOnPages', 'list', 'row', 'columns']);
/** Fields of results as they are settled. */
const SETTLED = resultFields.keyof().options.filter((name) => !NOT_SETTLED.has(name));
const EXTRA = new ExtraColumns(extraFields, SETTLED);

/** The columns of the tables that a stack writes: fields of results, then those of hooks. */
export const SETTLED_COLUMNS: readonly TableColumn[] = [
  ...SETTLED.map(resultColumn),
  ...EXTRA.columns.map(({ name, type }) => ({ name, type })),
];

/** The row of a result by the names of these columns. */
export function settledRow(result: Partial<ResultFields>): Readonly<Record<string, unknown>> {
  return { ...result, ...EXTRA.namedValues(result.extra) };
}
