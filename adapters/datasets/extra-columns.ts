import * as z from 'zod';
import type { ExtraFields } from '../../core/model/extra-fields.ts';
import type { ColumnType, TableColumn } from './column-types.ts';

/** A column for a field that hooks add. */
interface ExtraColumn extends TableColumn {
  /** Name of the field, which is that of the column where nothing else in the table has it. */
  readonly field: string;
}

/** Formats of numbers that are whole. */
const WHOLE: ReadonlySet<string> = new Set(['safeint', 'int32', 'uint32']);

/** Columns for the fields that hooks add, with the types that their schema gives them; none where it takes any. */
export class ExtraColumns {
  readonly columns: readonly ExtraColumn[];

  /** `own` are names that the table has besides. */
  constructor(schema: z.ZodType, own: readonly string[]) {
    const taken = new Set(own.map((name) => name.toLowerCase()));
    const fields = schema instanceof z.ZodObject ? Object.entries(schema.shape) : [];
    this.columns = fields.map(([field, type]) => {
      const name = freeName(field, taken);
      return { field, name, type: columnTypeOf(type) };
    });
  }

  /** Values in the order of the columns; undefined where there is none. */
  valuesOf(extra: ExtraFields = {}): readonly unknown[] {
    const values = new Map<string, unknown>(Object.entries(extra));
    return this.columns.map(({ field }) => values.get(field));
  }

  /** Values by the names of the columns. */
  namedValues(extra: ExtraFields | undefined): Readonly<Record<string, unknown>> {
    const values = this.valuesOf(extra);
    return Object.fromEntries(this.columns.map(({ name }, at) => [name, values[at]]));
  }
}

/** What a table has for values of a schema: what is no number or truth value is text, or JSON as text. */
export function columnTypeOf(schema: unknown): ColumnType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return columnTypeOf(schema.unwrap());
  if (schema instanceof z.ZodBoolean) return 'BOOLEAN';
  if (!(schema instanceof z.ZodNumber)) return 'STRING';
  return WHOLE.has(schema.format ?? '') ? 'INT64' : 'DOUBLE';
}

function freeName(field: string, taken: Set<string>): string {
  let free = field;
  while (taken.has(free.toLowerCase())) free = `${free}_of_hook`;
  taken.add(free.toLowerCase());
  return free;
}
