import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ColumnTypes } from '../../adapters/datasets/column-types.ts';
import { ParquetTable } from '../../adapters/datasets/parquet-table.ts';
import { freshFolder } from '../fresh-folder.ts';
import { describeParquet, readParquet } from './read-parquet.ts';

test('a table is written in row groups of bounded size', async () => {
  const path = join(await freshFolder(), 't.parquet');
  const table = new ParquetTable(path, [
    { name: 'n', type: 'INT64' },
    { name: 'text', type: 'STRING' },
  ]);
  for (let n = 0; n < 25_000; n += 1) await table.add({ n, text: n % 3 === 0 ? null : `row ${n}` });
  await table.close();
  expect(await describeParquet(path)).toEqual({
    columns: [
      ['n', 'INT64'],
      ['text', 'BYTE_ARRAY'],
    ],
    groups: [10_000, 10_000, 5000],
  });
  const rows = await readParquet(path);
  expect(rows[24_999]).toEqual({ n: 24_999n, text: null });
  expect(rows[12_345]).toEqual({ n: 12_345n, text: null });
  expect(rows[12_346]).toEqual({ n: 12_346n, text: 'row 12346' });
});

test('long texts end a row group early', async () => {
  const path = join(await freshFolder(), 't.parquet');
  const table = new ParquetTable(path, [{ name: 'text', type: 'STRING' }]);
  for (let n = 0; n < 20; n += 1) await table.add({ text: String(n).padStart(1_000_000, 'x') });
  await table.close();
  const { groups } = await describeParquet(path);
  expect(groups.length).toBeGreaterThan(1);
});

test('a table without rows can be read', async () => {
  const path = join(await freshFolder(), 't.parquet');
  await new ParquetTable(path, [{ name: 'text', type: 'STRING' }]).close();
  expect(await readParquet(path)).toEqual([]);
});

test('a column has the narrowest type that holds all of its values', () => {
  const types = new ColumnTypes();
  types.learn({ id: 1, score: 1, flag: true, text: 'x', mixed: 1, nothing: null });
  types.learn({ id: null, score: 0.5, flag: null, text: 'y', mixed: 'one', late: 2 });
  expect(types.list()).toEqual([
    { name: 'flag', type: 'BOOLEAN' },
    { name: 'id', type: 'INT64' },
    { name: 'late', type: 'INT64' },
    { name: 'mixed', type: 'STRING' },
    { name: 'nothing', type: 'STRING' },
    { name: 'score', type: 'DOUBLE' },
    { name: 'text', type: 'STRING' },
  ]);
});

test('values are kept by the type of their column', async () => {
  const path = join(await freshFolder(), 't.parquet');
  const table = new ParquetTable(path, [
    { name: 'flag', type: 'BOOLEAN' },
    { name: 'score', type: 'DOUBLE' },
    { name: 'json', type: 'STRING' },
    { name: '__proto__', type: 'STRING' },
  ]);
  await table.add({ flag: false, score: 0.25, json: { a: [1] } });
  await table.close();
  const [row] = await readParquet(path);
  expect(row).toMatchObject({ flag: false, score: 0.25, json: '{"a":[1]}' });
});
