import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { csvHeader, csvLine, jsonLine } from '../../../cli/output/result-line.ts';
import { writeResultsFile } from '../../../cli/output/results-file.ts';
import { parseResult, type ResultBody } from '../../../contract/items.ts';
import { keptResult, resultFields } from '../../../core/model/result.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { aResult } from '../records.ts';

const WHOLE = aResult({
  extra: { label: 'cat' },
  sha256: 'ab',
  file: 'images/ab/ab.png',
  finalUrl: 'http://b/',
  httpStatus: 200,
  contentType: 'image/png',
  format: 'png',
  width: 2,
  height: 3,
  bytes: 4,
  frames: 5,
  orientation: 6,
});

test('a line has the fields in their order, and what is kept for ourselves is not in it', () => {
  expect(jsonLine(WHOLE)).toBe(
    '{"url":"http://a.example/1.png","status":"succeeded","reason":null,"finalUrl":"http://b/",' +
      '"httpStatus":200,"contentType":"image/png","format":"png","width":2,"height":3,"frames":5,"orientation":6,"bytes":4,' +
      '"sha256":"ab","file":"images/ab/ab.png","attempts":1,"durationMs":12,' +
      '"fetchedAt":"2026-11-23T21:45:00.000Z","extra":{"label":"cat"}}\n',
  );
});

test('each field of a result that the ledger keeps is in its line, or known to be for ourselves', () => {
  const inLine = new Set(Object.keys(resultFields.shape));
  const kept = Object.keys(keptResult.shape).filter((name) => !inLine.has(name));
  expect(kept).toEqual(['sightings', 'exchanges', 'archived', 'validity', 'taskId', 'round']);
});

test('a field that does not apply is absent; a reason is null only when it succeeded', () => {
  const failed = aResult({ status: 'failed', reason: 'timeout', detail: 'after 30 s' });
  expect(Object.keys(JSON.parse(jsonLine(failed)))).toEqual([
    'url',
    'status',
    'reason',
    'attempts',
    'durationMs',
    'fetchedAt',
    'detail',
  ]);
});

test('CSV quotes what would break it', () => {
  const line = csvLine(aResult({ status: 'failed', reason: 'timeout', detail: 'a "b",\nc' }));
  expect(line.endsWith(',"a ""b"",\nc",,\n')).toBe(true);
  expect(csvHeader()).toBe(`${Object.keys(resultFields.shape).join(',')}\n`);
});

test('statements of rights are JSON, in a cell of CSV as well', () => {
  const rights = [
    {
      signal: 'content-usage',
      where: 'header',
      value: 'train-ai=n',
      positions: { train: 'reserved' },
    },
  ] as const;
  const result = aResult({ status: 'skipped', reason: 'reserved', rights: [...rights] });
  expect(JSON.parse(jsonLine(result))).toMatchObject({ rights });
  const [row] = parse(csvHeader() + csvLine(result), { columns: true });
  expect(JSON.parse(z.object({ rights: z.string() }).parse(row).rights)).toEqual(rights);
  expect(parseResult(JSON.stringify(result)).rights).toEqual(rights);
});

const FORMULAS = [
  ['equals', '=HYPERLINK("http://x","y")'],
  ['plus', '+1'],
  ['minus', '-2+3'],
  ['at', '@SUM(A1)'],
  ['a tab', '\t=1'],
  ['a carriage return', '\r=1'],
  ['a line feed', '\n=1'],
  ['NUL', '\0=1'],
  ['a full-width sign', '\uff1d1+1'],
  ['our own mark', "'=1"],
  ['two of them', "''@x"],
] as const;
const PLAIN = ['a = b', "'quoted'", "it's", ' =1', '1-2', '(-1)', '', 'é'] as const;

/** The titles of lines of CSV, as a program reads them. */
function titlesIn(lines: string): readonly string[] {
  const rows = parse(csvHeader() + lines, { columns: true });
  return rows.map((row) => z.object({ title: z.string() }).parse(row).title);
}

test.each(FORMULAS)('CSV has no formula: a text that begins with %s', (_, title) => {
  expect(titlesIn(csvLine(aResult({ title })))).toEqual([`'${title}`]);
});

test('CSV is read back by taking one mark away, as the docs say', () => {
  const [documented = ''] = /^\^'.*$/m.exec(readFileSync('docs/results.md', 'utf8')) ?? [];
  const marked = new RegExp(documented);
  const titles = [...FORMULAS.map(([, title]) => title), ...PLAIN];
  const read = titlesIn(titles.map((title) => csvLine(aResult({ title }))).join(''));
  expect(read.map((text) => (marked.test(text) ? text.slice(1) : text))).toEqual(titles);
});

test('CSV keeps all other texts, and numbers, as they are', () => {
  expect(titlesIn(PLAIN.map((title) => csvLine(aResult({ title }))).join(''))).toEqual(PLAIN);
  expect(csvLine(aResult({ durationMs: -1 }))).toContain(',-1,');
});

async function* results(...all: readonly ResultBody[]): AsyncGenerator<ResultBody> {
  yield* all;
}

test('results.jsonl is written whole, into a folder that it makes', async () => {
  const out = join(await freshFolder(), 'new', 'folder');
  const path = await writeResultsFile(results(WHOLE, aResult({ url: 'http://b/' })), out);
  expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(2);
  expect(await readdir(out)).toEqual(['results.jsonl']);
});

test('files of a run are named from the folder that the results are in', async () => {
  const folder = await freshFolder();
  const stored = aResult({ file: 's3://bucket/images/ab' });
  const out = join(folder, 'again');
  const path = await writeResultsFile(results(WHOLE, stored), out, join(folder, 'first'));
  const files = (await readFile(path, 'utf8')).trim().split('\n');
  expect(files.map((line) => JSON.parse(line).file)).toEqual([
    '../first/images/ab/ab.png',
    's3://bucket/images/ab',
  ]);
});

test('results that cannot be written to their end leave what was there before', async () => {
  const out = await freshFolder();
  const path = await writeResultsFile(results(WHOLE), out);
  const before = await readFile(path, 'utf8');
  async function* broken(): AsyncGenerator<ResultBody> {
    yield aResult({});
    throw new Error('the table is gone');
  }
  await expect(writeResultsFile(broken(), out)).rejects.toThrow('the table is gone');
  expect(await readdir(out)).toEqual(['results.jsonl']);
  expect(await readFile(path, 'utf8')).toBe(before);
});

test.each([
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-1', "'-1"],
  ['a=1', 'a=1'],
])('a title %s is no formula in a spreadsheet', (title, cell) => {
  expect(csvLine(aResult({ title }))).toContain(`,${cell},`);
  expect(jsonLine(aResult({ title }))).toContain(`"title":${JSON.stringify(title)}`);
});
