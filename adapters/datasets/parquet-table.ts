import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { ColumnType, TableColumn } from './column-types.ts';
import { jsonText } from './json-text.ts';

/** Most rows of a row group. */
const GROUP_ROWS = 10_000;
/** Characters of texts that a row group holds in memory: a caption may be a megabyte. */
const GROUP_LENGTH = 16 * 1024 * 1024;

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];
type ParquetValue = string | bigint | number | boolean | undefined;

/**
 * A Parquet file that is written row group by row group, so that memory does not grow with it. All
 * columns are optional: what is absent, null or of no use for the type is null.
 */
export class ParquetTable {
  readonly #columns: readonly TableColumn[];
  readonly #writer: ParquetWriter;
  #data: ParquetValue[][];
  #rows = 0;
  #length = 0;

  constructor(path: string, columns: readonly TableColumn[]) {
    this.#columns = columns;
    const schema: SchemaElement[] = [
      { name: 'root', num_children: columns.length },
      ...columns.map(elementOf),
    ];
    this.#writer = new ParquetWriter({ writer: fileWriter(path), schema });
    this.#data = columns.map(() => []);
  }

  /** Takes the values of one row by the names of their columns. */
  async add(row: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [index, { name, type }] of this.#columns.entries()) {
      const value = parquetValue(row[name], type);
      this.#data[index]?.push(value);
      if (typeof value === 'string') this.#length += value.length;
    }
    this.#rows += 1;
    if (this.#rows >= GROUP_ROWS || this.#length >= GROUP_LENGTH) await this.#writeGroup();
  }

  /** Writes what is left and the end of the file. */
  async close(): Promise<void> {
    if (this.#rows > 0) await this.#writeGroup();
    await this.#writer.finish();
  }

  async #writeGroup(): Promise<void> {
    const columnData = this.#columns.map(({ name }, index) => ({
      name,
      data: this.#data[index] ?? [],
    }));
    await this.#writer.write({ columnData, rowGroupSize: this.#rows });
    this.#data = this.#columns.map(() => []);
    this.#rows = 0;
    this.#length = 0;
  }
}

function elementOf({ name, type }: TableColumn): SchemaElement {
  const isText = type === 'STRING';
  return {
    name,
    type: isText ? 'BYTE_ARRAY' : type,
    converted_type: isText ? 'UTF8' : undefined,
    repetition_type: 'OPTIONAL',
  };
}

function parquetValue(value: unknown, type: ColumnType): ParquetValue {
  if (value === undefined || value === null) return undefined;
  switch (type) {
    case 'STRING':
      return textOf(value);
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'DOUBLE':
      return typeof value === 'number' ? value : undefined;
    case 'INT64':
      return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'object') return jsonText(value);
  return String(value).toWellFormed();
}
