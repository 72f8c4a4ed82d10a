import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { extensionOf } from '../../adapters/datasets/extension-of.ts';
import { urlName } from '../../adapters/datasets/names/url-name.ts';
import { SampleForm } from '../../adapters/datasets/sample.ts';
import { FILE_COLUMNS, type Naming, writeFiles } from '../../adapters/datasets/write-files.ts';
import { freshFolder } from '../fresh-folder.ts';
import { HOSTILE_TEXTS, Kept } from './a-data-set.ts';

const BY_URL: Naming = {
  kind: 'names',
  name: ({ url, format }) => urlName(url, extensionOf(format)),
};

async function written(kept: Kept, naming: Naming) {
  const folder = await freshFolder();
  const form = new SampleForm([{ name: 'text', type: 'STRING' }], 'text', FILE_COLUMNS);
  await writeFiles(kept.all(), kept.read, folder, { form, naming });
  const text = await readFile(join(folder, 'metadata.jsonl'), 'utf8');
  const rows = text.split('\n').slice(0, -1);
  return { folder, rows: rows.map((row) => JSON.parse(row)) };
}

test('each row with an image has a line that names its file', async () => {
  const kept = new Kept()
    .image('one', { columns: { text: 'first' } })
    .failure()
    .image('two');
  const { folder, rows } = await written(kept, BY_URL);
  expect(rows).toMatchObject([
    { file_name: 'images/a.example/1.png', text: 'first', key: '000000000', row: 1 },
    { file_name: 'images/a.example/3.png', text: null, key: '000000001', row: 3 },
  ]);
  expect(await readFile(join(folder, 'images', 'a.example', '3.png'), 'utf8')).toBe('two');
  expect(new Set(rows.map((row) => Object.keys(row).join())).size).toBe(1);
});

test('under hashes one picture is one file, and each of its rows has a line', async () => {
  const { folder, rows } = await written(new Kept().image('one').image('one'), { kind: 'sha256' });
  expect(rows).toHaveLength(2);
  expect(rows[0].file_name).toBe(rows[1].file_name);
  expect(await readFile(join(folder, rows[0].file_name), 'utf8')).toBe('one');
});

test('images whose names would be one have files of their own', async () => {
  const urls = ['https://a.example/x.png', 'https://a.example/X.png', 'https://a.example/x.gif'];
  const kept = new Kept();
  for (const url of urls) kept.image(url, { url });
  const { folder, rows } = await written(kept, BY_URL);
  const contents = rows.map(({ file_name }) => readFile(join(folder, file_name), 'utf8'));
  expect(await Promise.all(contents)).toEqual(urls);
  const names = new Set(rows.map(({ file_name }) => file_name.toLowerCase()));
  expect(names.size).toBe(3);
});

test('whatever a URL or a caption holds, nothing is written outside of the folder', async () => {
  const kept = new Kept();
  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    const path = encodeURIComponent(text.slice(0, 2000).toWellFormed());
    kept.image(`${index}`, { url: `https://a.example/${path}/x`, columns: { text } });
  }
  const { folder, rows } = await written(kept, BY_URL);
  const texts = HOSTILE_TEXTS.map((text) => text.toWellFormed());
  expect(rows.map(({ text }) => text)).toEqual(texts);
  expect(await readdir(folder)).toEqual(['images', 'metadata.jsonl']);
  expect(await readdir(join(folder, 'images'))).toEqual(['a.example']);
});

test('lines that cannot be written end the data set', async () => {
  const folder = await freshFolder();
  await mkdir(join(folder, 'metadata.jsonl'));
  const form = new SampleForm([], undefined, FILE_COLUMNS);
  const kept = new Kept().image('one');
  const writing = writeFiles(kept.all(), kept.read, folder, { form, naming: BY_URL });
  await expect(writing).rejects.toThrow('EISDIR');
});
