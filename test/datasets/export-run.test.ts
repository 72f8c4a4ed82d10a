import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { DataSetLine } from '../../adapters/datasets/data-set-line.ts';
import { localLists } from '../../cli/deployment/local-crawler.ts';
import { exportRun } from '../../cli/export/export-run.ts';
import { Screen } from '../../cli/output/screen.ts';
import type { OutputSettings } from '../../core/model/run.ts';
import { BufferOutput } from '../cli/buffer-output.ts';
import { aRun } from '../cli/records.ts';
import { freshFolder } from '../fresh-folder.ts';
import { Kept } from './a-data-set.ts';
import { readParquet } from './read-parquet.ts';

const OUTPUT: OutputSettings = { shardSize: 2, names: 'sha256', croissant: false };

async function exported(
  kept: Kept,
  output: Partial<OutputSettings>,
  { lines = kept.lines, folder, signal }: Plan = {},
) {
  const to = folder ?? (await freshFolder());
  const archive = {
    lines: async function* () {
      yield* lines;
    },
  };
  const screen = new Screen({
    stdout: new BufferOutput(),
    stderr: new BufferOutput(),
    json: false,
  });
  const wanted = { run: aRun(), output: { ...OUTPUT, ...output }, folder: to, version: '1.2.3' };
  const told = await exportRun(
    { archive, lists: localLists, imagesOf: () => kept.read },
    { ...wanted, signal },
    screen,
  );
  return { folder: to, told };
}

interface Plan {
  readonly lines?: readonly DataSetLine[];
  readonly folder?: string;
  readonly signal?: AbortSignal;
}

function fiveRows(): Kept {
  const columns = { caption: 'one', score: 0.5, url: 'x' };
  return new Kept()
    .image('one', { columns })
    .failure({ columns: { caption: 'two', score: 1, url: 'y' } })
    .image('three')
    .image('four')
    .image('three');
}

/** The same results, as a run has them that was stopped and went on: in another order, at other times. */
function resumed({ lines }: Kept): readonly DataSetLine[] {
  return lines.toReversed().map((line, index) => ({
    ...line,
    attempts: 1 + index,
    fetchedAt: `2026-12-0${index + 1}T00:00:00.000Z`,
  }));
}

describe.each(['webdataset', 'files'] as const)('%s', (format) => {
  it('is the same of a run that was interrupted', async () => {
    const kept = fiveRows();
    const a = await exported(kept, { format, caption: 'caption' });
    const b = await exported(kept, { format, caption: 'caption' }, { lines: resumed(kept) });
    const names = await readdir(a.folder, { recursive: true });
    expect(await readdir(b.folder, { recursive: true })).toEqual(names);
    // Times are in the sums of a shard alone.
    const files = names.filter((name) => /\.(tar|parquet|jsonl|png)$/.test(name));
    expect(files.length).toBeGreaterThan(3);
    for (const name of files)
      expect(await readFile(join(a.folder, name))).toEqual(await readFile(join(b.folder, name)));
  });

  it('leaves nothing where it is stopped', async () => {
    const kept = fiveRows();
    const stop = new AbortController();
    const read = kept.read;
    const stopping = Object.assign(kept, {
      read: (image: Parameters<typeof read>[0]) => {
        stop.abort(new Error('stopped'));
        return read(image);
      },
    });
    const folder = await freshFolder();
    const plan = { folder, signal: stop.signal };
    await expect(exported(stopping, { format }, plan)).rejects.toThrow('stopped');
    expect(await readdir(folder)).toEqual([]);
  });
});

test('a table has all results by row, and the columns of the list as columns', async () => {
  const { folder, told } = await exported(fiveRows(), { table: 'parquet' });
  expect(told).toMatchObject({ images: 4, table: join(folder, 'results.parquet') });
  expect(await readdir(folder)).toEqual(['results.parquet']);
  const rows = await readParquet(join(folder, 'results.parquet'));
  expect(rows.map(({ row }) => row)).toEqual([1n, 2n, 3n, 4n, 5n]);
  expect(rows[0]).toMatchObject({
    url: 'https://a.example/1',
    status: 'succeeded',
    width: 3n,
    caption: 'one',
    score: 0.5,
    url_in_list: 'x',
  });
  expect(rows[1]).toMatchObject({ reason: 'not-found', caption: 'two', score: 1 });
});

test('a table of CSV has the same columns', async () => {
  const { folder } = await exported(fiveRows(), { table: 'csv', format: 'files' });
  const [header = '', first = ''] = (await readFile(join(folder, 'results.csv'), 'utf8')).split(
    '\n',
  );
  expect(header).toMatch(/^row,url,status,.*,caption,score,url_in_list$/);
  expect(first).toMatch(/^1,https:\/\/a\.example\/1,succeeded,.*,one,0\.5,x$/);
  expect(await readdir(folder)).toContain('metadata.jsonl');
});

test('a folder of other things is refused', async () => {
  const folder = await freshFolder();
  await writeFile(join(folder, 'mine.txt'), '');
  const exporting = exported(fiveRows(), { format: 'files' }, { folder });
  await expect(exporting).rejects.toThrow('no part of a data set');
  expect(await readdir(folder)).toEqual(['mine.txt']);
});
