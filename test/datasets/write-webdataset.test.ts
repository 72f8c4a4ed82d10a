import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SampleForm } from '../../adapters/datasets/sample.ts';
import { writeWebDataset } from '../../adapters/datasets/write-webdataset.ts';
import { freshFolder } from '../fresh-folder.ts';
import { HOSTILE_TEXTS, Kept } from './a-data-set.ts';
import { readParquet } from './read-parquet.ts';
import { readTar } from './read-tar.ts';

const COLUMNS = [
  { name: 'text', type: 'STRING' },
  { name: 'url', type: 'STRING' },
] as const;

/** How WebDataset tells the key of a sample from what is in it (`base_plus_ext`). */
const MEMBER = /^((?:.*\/|)[^.]+)[.]([^/]*)$/;

async function written(kept: Kept, shardSize = 2, caption = 'text'): Promise<string> {
  const folder = await freshFolder();
  const form = new SampleForm(COLUMNS, caption);
  await writeWebDataset(kept.all(), kept.read, folder, { form, shardSize });
  return folder;
}

describe('a shard', () => {
  it('has the members of each sample beside each other, keys sorted', async () => {
    const kept = new Kept()
      .image('one', { columns: { text: 'first' } })
      .failure()
      .image('two', { format: 'jpeg' })
      .image('three');
    const folder = await written(kept);

    expect(await readdir(folder)).toEqual([
      '00000.parquet',
      '00000.tar',
      '00000_stats.json',
      '00001.parquet',
      '00001.tar',
      '00001_stats.json',
    ]);
    const members = await readTar(join(folder, '00000.tar'));
    expect(members.map(({ name }) => name)).toEqual([
      '000000000.png',
      '000000000.json',
      '000000000.txt',
      '000000002.jpg',
      '000000002.json',
    ]);
    expect(members.map(({ bytes }) => bytes.toString())).toMatchObject({ 0: 'one', 2: 'first' });
    expect(JSON.parse(members[1]?.bytes.toString() ?? '')).toMatchObject({
      key: '000000000',
      url: 'https://a.example/1',
      caption: 'first',
      status: 'success',
      error_message: null,
      width: 3,
      height: 2,
      row: 1,
      text: 'first',
    });
    expect((await readTar(join(folder, '00001.tar'))).map(({ name }) => name)).toEqual([
      '000000003.png',
      '000000003.json',
    ]);
  });

  it('has a table of all of its rows, and their sums', async () => {
    const kept = new Kept().image('one').failure({ detail: 'HTTP 404' }).image('two').failure();
    const folder = await written(kept, 1);
    const first = await readParquet(join(folder, '00000.parquet'));
    expect(first).toMatchObject([
      { key: '000000000', status: 'success', error_message: null, bytes: 3n, row: 1n },
      { key: '000000001', status: 'failed_to_download', error_message: 'not-found: HTTP 404' },
    ]);
    expect(await readParquet(join(folder, '00001.parquet'))).toHaveLength(2);
    const stats = await readFile(join(folder, '00000_stats.json'), 'utf8');
    expect(JSON.parse(stats)).toEqual({
      count: 2,
      successes: 1,
      failed_to_download: 1,
      failed_to_resize: 0,
      duration: 0,
      start_time: 1795470300,
      end_time: 1795470300,
      status_dict: { 'not-found': 1, success: 1 },
    });
  });

  it('takes a caption and columns as they are, whatever they hold', async () => {
    const kept = new Kept();
    for (const text of HOSTILE_TEXTS)
      kept.image(`image ${text.slice(0, 9)}`, { columns: { text } });
    const folder = await written(kept, 100);
    const members = await readTar(join(folder, '00000.tar'));
    for (const { name } of members) expect(name).toMatch(MEMBER);
    const captions = members.filter(({ name }) => name.endsWith('.txt'));
    const expected = HOSTILE_TEXTS.map((text) => text.toWellFormed());
    expect(captions.map(({ bytes }) => bytes.toString())).toEqual(expected);
    const table = await readParquet(join(folder, '00000.parquet'));
    expect(table.map(({ caption }) => caption)).toEqual(expected);
  });

  it('is the same bytes when it is written again, and of no time', async () => {
    const kept = new Kept()
      .image('one')
      .failure()
      .image('two', { columns: { text: 'b' } });
    const [a, b] = [await written(kept), await written(kept)];
    for (const name of await readdir(a))
      expect(await readFile(join(a, name))).toEqual(await readFile(join(b, name)));
    const members = await readTar(join(a, '00000.tar'));
    expect(new Set(members.map(({ mtime }) => mtime))).toEqual(new Set([0]));
  });

  it('does not depend on when or how often images were asked for', async () => {
    const fields = { fetchedAt: '2027-01-01T00:00:00.000Z', attempts: 3, durationMs: 5 };
    const a = await written(new Kept().image('one'));
    const b = await written(new Kept().image('one', fields));
    for (const name of ['00000.tar', '00000.parquet'])
      expect(await readFile(join(a, name))).toEqual(await readFile(join(b, name)));
  });

  it('has no pages, and pictures that were taken for pages', async () => {
    const kept = new Kept()
      .image('a page', { kind: 'page', format: undefined })
      .image('a picture', { kind: 'page' });
    const members = await readTar(join(await written(kept), '00000.tar'));
    expect(members.map(({ name }) => name)).toEqual(['000000000.png', '000000000.json']);
  });

  it('is there, and empty, where no image was kept', async () => {
    const folder = await written(new Kept().failure());
    expect(await readTar(join(folder, '00000.tar'))).toEqual([]);
    expect(await readParquet(join(folder, '00000.parquet'))).toHaveLength(1);
  });
});

it('a column of the list that is named like one of ours is told under another name', async () => {
  const columns = { url: 'of the list', text: 'x' };
  const folder = await written(new Kept().image('one', { columns }));
  const [row] = await readParquet(join(folder, '00000.parquet'));
  expect(row).toMatchObject({ url: 'https://a.example/1', url_in_list: 'of the list', text: 'x' });
});

it('alt or title is the caption where no column has the name', async () => {
  const kept = new Kept().image('one', { alt: 'what is seen' });
  const members = await readTar(join(await written(kept, 1, 'alt'), '00000.tar'));
  expect(members.at(-1)?.bytes.toString()).toBe('what is seen');
});

it('an image that is gone ends the export', async () => {
  const kept = new Kept().image('one');
  const gone = { ...kept, read: new Kept().read };
  const form = new SampleForm([]);
  const folder = await freshFolder();
  await expect(
    writeWebDataset(kept.all(), gone.read, folder, { form, shardSize: 1 }),
  ).rejects.toThrow('is gone');
});
