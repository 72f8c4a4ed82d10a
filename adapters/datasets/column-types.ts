import type { Cell } from './data-set-line.ts';

/** A type that a Parquet file has for a column. */
export type ColumnType = 'STRING' | 'INT64' | 'DOUBLE' | 'BOOLEAN';

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Learns of the columns of lists which types their values have. */
export class ColumnTypes {
  readonly #types = new Map<string, ColumnType | undefined>();

  /** Looks at the values of one row. */
  learn(columns: Readonly<Record<string, Cell>>): void {
    for (const [name, value] of Object.entries(columns)) {
      const known = this.#types.get(name);
      const type = typeOf(value);
      if (type === undefined && this.#types.has(name)) continue;
      this.#types.set(name, type === undefined ? known : joined(known, type));
    }
  }

  /** In the order of their names: rows come in no order. A column without any value is text. */
  list(): readonly TableColumn[] {
    const names = [...this.#types.keys()].sort();
    return names.map((name) => ({ name, type: this.#types.get(name) ?? 'STRING' }));
  }
}

function typeOf(value: Cell): ColumnType | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'string') return 'STRING';
  return Number.isSafeInteger(value) ? 'INT64' : 'DOUBLE';
}

/** What holds both; text holds everything. */
function joined(a: ColumnType | undefined, b: ColumnType): ColumnType {
  if (a === undefined || a === b) return b;
  const isNumber = (type: ColumnType) => type === 'INT64' || type === 'DOUBLE';
  return isNumber(a) && isNumber(b) ? 'DOUBLE' : 'STRING';
}
