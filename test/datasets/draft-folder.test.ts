import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DraftFolder, MANIFEST, removeDataSet } from '../../adapters/datasets/draft-folder.ts';
import { freshFolder } from '../fresh-folder.ts';

async function publish(folder: string, names: readonly string[], text = 'x'): Promise<void> {
  const draft = await DraftFolder.begin(folder);
  for (const name of names) await writeFile(draft.path('files', name), text);
  await draft.publish({ run: 'r' });
}

async function shown(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith('.'));
}

test('nothing has its name before all of it is written', async () => {
  const folder = await freshFolder();
  const draft = await DraftFolder.begin(folder);
  await writeFile(draft.path('files', '00000.tar'), 'half');
  expect(await shown(folder)).toEqual([]);
  await draft.publish({ run: 'r' });
  expect(await readdir(folder)).toEqual(['00000.tar', MANIFEST]);
});

test('what a killed export left is gone with the next one', async () => {
  const folder = await freshFolder();
  const killed = await DraftFolder.begin(folder);
  await writeFile(killed.path('files', '00007.tar'), 'half');
  await publish(folder, ['00000.tar']);
  expect(await readdir(folder)).toEqual(['00000.tar', MANIFEST]);
});

test('a data set replaces the one before, and nothing of that is left', async () => {
  const folder = await freshFolder();
  await publish(folder, ['00000.tar', '00001.tar'], 'old');
  await publish(folder, ['00000.tar'], 'new');
  expect(await readdir(folder)).toEqual(['00000.tar', MANIFEST]);
  expect(await readFile(join(folder, '00000.tar'), 'utf8')).toBe('new');
  expect(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'))).toEqual({
    run: 'r',
    entries: ['00000.tar'],
    whole: true,
  });
});

test('a folder that holds anything else is refused, and stays as it is', async () => {
  const folder = await freshFolder();
  await writeFile(join(folder, 'thesis.txt'), 'mine');
  await expect(DraftFolder.begin(folder)).rejects.toThrow('holds thesis.txt');
  expect(await readdir(folder)).toEqual(['thesis.txt']);
});

test('a list of its files that names others removes nothing outside', async () => {
  const parent = await freshFolder();
  const folder = join(parent, 'set');
  await mkdir(folder);
  await writeFile(join(parent, 'other'), 'mine');
  await writeFile(join(folder, MANIFEST), JSON.stringify({ entries: ['../other', '..'] }));
  await removeDataSet(folder);
  expect(await readdir(parent)).toEqual(['other']);
});

test('a data set can be removed, and what else is in its folder stays', async () => {
  const folder = await freshFolder();
  await publish(folder, ['00000.tar']);
  await writeFile(join(folder, 'notes'), 'mine');
  await removeDataSet(folder);
  expect(await readdir(folder)).toEqual(['notes']);
});
