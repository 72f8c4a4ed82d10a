import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { S3ShardShelf } from '../../adapters/aws/s3-shard-shelf.ts';
import { S3TableStore } from '../../adapters/aws/s3-table-store.ts';
import { SETTLED_COLUMNS } from '../../adapters/datasets/result-columns.ts';
import { tableKey } from '../../adapters/finish/write-tables.ts';
import type { ResultFields } from '../../core/model/result.ts';
import { startSqsAndS3 } from '../contract/emulators.ts';
import { describeParquet, readParquet } from '../datasets/read-parquet.ts';
import { freshFolder } from '../fresh-folder.ts';
import { RUN_ID, settledResult } from '../worker/records.ts';

/** What Athena calls the types of columns. */
const TYPES = { STRING: 'string', INT64: 'bigint', DOUBLE: 'double', BOOLEAN: 'boolean' } as const;
/** A Python with the package: as for the exhaustive tests of data sets. */
const PYTHON = process.env['READERS_PYTHON'] ?? 'python3';
/** The least that S3 takes for a part which is not the last one. */
const PART_BYTES = 5 * 1024 * 1024;
/** Rows with texts that no compression makes shorter: more than one part together. */
const MANY = 10;
const TEXT_BYTES = 600_000;

let services: Awaited<ReturnType<typeof startSqsAndS3>>;
beforeAll(async () => {
  services = await startSqsAndS3();
});
afterAll(() => services.close());

/** Writes rows as a table of a bucket; gives a copy of it on this machine. */
async function written(rows: readonly Partial<ResultFields>[]): Promise<string> {
  const bucket = await services.createBucket();
  const key = tableKey(RUN_ID, 0, 0);
  await new S3TableStore(services.s3, bucket, PART_BYTES).write(
    key,
    (async function* () {
      yield* rows;
    })(),
  );
  const path = join(await freshFolder(), 'table.parquet');
  const shelf = new S3ShardShelf(services.s3, bucket);
  await writeFile(path, await shelf.read(shelf.uriOf(key)));
  return path;
}

/** Places in a shard, texts of all kinds, and a URL that was left out. */
const ROWS: readonly Partial<ResultFields>[] = [
  settledResult('http://a.example/1', {
    file: 's3://b/images/r/s.tar',
    offset: 512,
    length: 70,
    width: 61,
    alt: 'grün \u{1f431} "quoted"',
    rights: [
      { signal: 'tdmrep', where: 'http://a.example/', value: '1', positions: { tdm: 'reserved' } },
    ],
    unchanged: true,
  }),
  { url: 'http://a.example/2', status: 'skipped', reason: 'out-of-scope', depth: 1 },
];

describe('a table of a stack', () => {
  it('is read by a reader that is not ours', async () => {
    const path = await written(ROWS);
    const [first, second] = await readParquet(path);
    expect(first).toMatchObject({
      url: 'http://a.example/1',
      status: 'succeeded',
      offset: 512n,
      length: 70n,
      width: 61n,
      alt: 'grün \u{1f431} "quoted"',
      unchanged: true,
      detail: null,
    });
    expect(JSON.parse(String(first?.['rights']))).toEqual(ROWS[0]?.rights);
    expect(second).toMatchObject({ status: 'skipped', reason: 'out-of-scope', bytes: null });
  });

  it('comes in parts where it is long, and has all rows', async () => {
    const rows = Array.from({ length: MANY }, (_, at) => {
      const detail = randomBytes(TEXT_BYTES).toString('base64');
      return settledResult(`http://a.example/${at}`, { detail });
    });
    const path = await written(rows);
    const read = await readParquet(path);
    expect(read.map(({ url, detail }) => [url, detail])).toEqual(
      rows.map(({ url, detail }) => [url, detail]),
    );
    expect(readFileSync(path).length).toBeGreaterThan(PART_BYTES);
  });

  it('has the columns that the statement for Athena names', async () => {
    const page = readFileSync('docs/tables.md', 'utf8');
    const [, body = ''] = /CREATE EXTERNAL TABLE crawl_results \(\n([^)]*)\n\)/.exec(page) ?? [];
    const told = body.split(',\n').map((line) => line.trim());
    const wanted = SETTLED_COLUMNS.map(
      ({ name, type }) => `\`${name.toLowerCase()}\` ${TYPES[type]}`,
    );
    expect(told).toEqual(wanted);
    const { columns } = await describeParquet(await written(ROWS));
    expect(columns.map(([name]) => name)).toEqual(SETTLED_COLUMNS.map(({ name }) => name));
  });

  it.skipIf(lacksPyarrow())('is read by pyarrow', { timeout: 120_000 }, async () => {
    const path = await written(ROWS);
    const script = [
      'import json, sys',
      'import pyarrow.parquet as parquet',
      'rows = parquet.read_table(sys.argv[1]).to_pylist()',
      'print(json.dumps([[row["url"], row["offset"], row["alt"], row["unchanged"]] for row in rows]))',
    ].join('\n');
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', script, path], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const [first, second] = z.array(z.array(z.unknown())).parse(JSON.parse(stdout));
    expect(first).toEqual(['http://a.example/1', 512, 'grün \u{1f431} "quoted"', true]);
    expect(second).toEqual(['http://a.example/2', null, null, null]);
  });
});

function lacksPyarrow(): boolean {
  const found = spawnSync(PYTHON, ['-c', 'import pyarrow'], { encoding: 'utf8', timeout: 60_000 });
  if (found.status !== 0)
    console.warn(`skipped: ${PYTHON} has no package pyarrow; READERS_PYTHON names another Python`);
  return found.status !== 0;
}
