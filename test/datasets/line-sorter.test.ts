import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderOf } from '../../adapters/datasets/data-set-line.ts';
import { LineSorter } from '../../adapters/datasets/line-sorter.ts';
import { freshFolder } from '../fresh-folder.ts';

async function sorted(sorter: LineSorter): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of sorter.sorted()) texts.push(text);
  return texts;
}

const keys = fc.array(fc.tuple(fc.nat(50), fc.string({ unit: 'grapheme' })), { maxLength: 60 });

test('lines come in the order of their keys, however many portions there were', async () => {
  const folder = await freshFolder();
  const property = fc.asyncProperty(keys, fc.integer({ min: 1, max: 200 }), async (pairs, size) => {
    const sorter = new LineSorter(join(folder, 'sorted'), size);
    const lines = pairs.map(([row, url]) => ({
      key: orderOf({ row, url }).replaceAll(/[\0\n]/g, ' '),
      text: JSON.stringify(url),
    }));
    for (const { key, text } of lines) await sorter.add(key, text);
    const expected = lines.map(({ key, text }) => `${key}\0${text}`).sort();
    expect(await sorted(sorter)).toEqual(
      expected.map((line) => line.slice(line.indexOf('\0') + 1)),
    );
    expect(await sorted(sorter)).toHaveLength(lines.length);
    await sorter.clear();
  });
  await fc.assert(property, { numRuns: 60 });
  expect(await readdir(folder)).toEqual([]);
});

test('rows are sorted as numbers, and what has no row comes last, by URL', () => {
  const lines = [
    { url: 'https://a.example/z' },
    { url: 'https://a.example/b', row: 10 },
    { url: 'https://a.example/a' },
    { url: 'https://a.example/c', row: 9 },
  ];
  const order = lines.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  expect(order.map(({ row, url }) => row ?? url)).toEqual([
    9,
    10,
    'https://a.example/a',
    'https://a.example/z',
  ]);
});
