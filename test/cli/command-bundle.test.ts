import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundledCommand } from '../../cli/command-bundle.ts';

test('the command of this checkout bundles, and does not fall back to its sources', async () => {
  const url = await bundledCommand();
  expect(url).toBeDefined();
  const text = await readFile(fileURLToPath(url ?? ''), 'utf8');
  // What is written where the sources do not bundle is a comment with the reason, and an import.
  expect(text.split('\n', 3).join('\n')).not.toContain('// ');
  expect(text.length).toBeGreaterThan(100_000);
});

test('a bundled source knows its own URL, and a text that names the expression is kept', async () => {
  const url = await bundledCommand();
  const text = await readFile(fileURLToPath(url ?? ''), 'utf8');
  expect(text).toMatch(/new URL\("[./]*\/cli\/crawl\.ts", import\.meta\.url\)/);
  expect(text).toContain('createRequire as __r}from');
});

test('of zod what is used is bundled: imported by its name, it brings all of its languages', async () => {
  const folder = dirname(fileURLToPath((await bundledCommand()) ?? ''));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.mjs'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  expect(texts.filter((text) => text.includes('zod/v4/locales/de.js'))).toEqual([]);
  expect(texts.filter((text) => text.includes('zod/v4/'))).not.toEqual([]);
});
