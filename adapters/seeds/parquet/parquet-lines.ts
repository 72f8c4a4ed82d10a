import type { ColumnValue } from '../../../core/model/column-value.ts';
import { exactJson } from '../../../core/model/exact-json.ts';
import type { ColumnUse } from '../../../core/ports/seed-source.ts';
import { readExpectedHash } from '../../../core/seed/expected-hash.ts';
import { textsOfCell } from '../../../core/seed/list-text.ts';
import type { Line } from '../entries-of.ts';
import { parquetRows } from './parquet-rows.ts';
import { type ParquetShape, textsIn } from './parquet-shape.ts';

const HEX = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i;
/** 16 or 32 bytes. */
const BASE64 = /^(?:[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{43}=)$/;

/** The rows of a Parquet file after the first `after`, with the columns that are wanted. */
export async function* parquetLines(
  { table, column, hashColumn, hasHashBytes, ...shape }: ParquetShape,
  after: number,
  use: ColumnUse | undefined,
): AsyncGenerator<readonly Line[]> {
  const names = table.columns.map(({ element }) => element.name);
  const cells = use === undefined ? [] : shape[use];
  const wanted = [column, hashColumn ?? [], cells.map(({ index }) => names[index] ?? '')].flat();
  const from = hashColumn === undefined ? 1 : 2;
  for await (const portion of parquetRows(table, wanted, after)) {
    yield portion.map(({ row, values }) => ({
      line: row,
      row: use && row,
      byte: 0,
      texts: textsOf(values[0], column),
      hash:
        hashColumn === undefined ? undefined : readExpectedHash(hashText(values[1], hasHashBytes)),
      columns:
        use && Object.fromEntries(cells.map(({ name }, at) => [name, values[from + at] ?? null])),
    }));
  }
}

function textsOf(value: ColumnValue | undefined, column: string): Line['texts'] {
  const texts = textsIn(value).flatMap(textsOfCell);
  return texts.length > 0 ? texts : [{ text: '', problem: `no "${column}" in the row` }];
}

/** Hashes that are kept as their bytes come as Base64, or as text where they happen to be one. */
function hashText(value: ColumnValue | undefined, isBytes: boolean): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return exactJson(value);
  if (!isBytes || HEX.test(value)) return value;
  const bytes = BASE64.test(value) ? Buffer.from(value, 'base64') : Buffer.from(value);
  return bytes.length === 16 || bytes.length === 32 ? bytes.toString('hex') : value;
}
