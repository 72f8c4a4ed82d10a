/**
 * What a cell of a list holds, as JSON has it: a date is a text (ISO 8601), bytes that are no text are one in Base64, a
 * nested value is an array or an object. Integers that a number does not hold exactly are a bigint.
 */
export type ColumnValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly ColumnValue[]
  | { readonly [name: string]: ColumnValue };

/** Cells of one row by the names of their columns. */
export type ListColumns = Readonly<Record<string, ColumnValue>>;
