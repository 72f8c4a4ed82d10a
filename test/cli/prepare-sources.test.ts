import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListOptions } from '../../cli/sources/list-format.ts';
import { prepareSources } from '../../cli/sources/prepare-sources.ts';

const URL_1 = 'http://a.example/1.png';
let base: string;

const FILES: Readonly<Record<string, string | Buffer>> = {
  'list.txt': `\ufeff${URL_1}\r\nnonsense\n`,
  list: `${URL_1}\n`,
  'late.txt': `nonsense\n\n${URL_1}`,
  'rows.csv': `\ufeffid,Url\n1,${URL_1}\n`,
  'rows.CSV': `id;x,image_url\n1,${URL_1}\n`,
  'hashed.csv': `url,text,md5\n${URL_1},a,${'0'.repeat(32)}\n`,
  'rows.tsv': `link\tpage\n${URL_1}\thttp://a.example/\n`,
  'bare.csv': `7;${URL_1}\n`,
  'array.json': `[{"image": "${URL_1}"}]`,
  'lines.jsonl': `{"url":"${URL_1}"}\n`,
  'lines.ndjson': `{"link":"${URL_1}"}\n`,
  'list.txt.gz': gzipSync(`${URL_1}\n`),
  'rows.csv.gz': gzipSync(`url\n${URL_1}\n`),
  'lines.jsonl.gz': gzipSync(`{"url":"${URL_1}"}\n`),
  'named-wrongly.txt': gzipSync(`${URL_1}\n`),
  'not-zipped.txt.gz': `${URL_1}\n`,
};

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'crawl-test-'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(base, name), content);
});

afterAll(() => rm(base, { recursive: true, force: true }));

function prepare(sources: readonly string[], options: ListOptions = {}, input = '') {
  return prepareSources(sources, options, { base, stdin: Readable.from([Buffer.from(input)]) });
}

describe('a file is understood by its name, and by its bytes whether it is zipped', () => {
  const understood: readonly (readonly [string, ListOptions, object])[] = [
    ['list.txt', {}, { format: 'text', gzip: false }],
    ['list', {}, { format: 'text', gzip: false }],
    ['late.txt', {}, { format: 'text', gzip: false }],
    ['rows.csv', {}, { format: 'csv', gzip: false }],
    ['rows.CSV', { column: 'IMAGE_url' }, { format: 'csv', gzip: false, field: 'IMAGE_url' }],
    ['rows.tsv', {}, { format: 'csv', gzip: false }],
    ['array.json', {}, { format: 'jsonl', gzip: false }],
    ['lines.jsonl', {}, { format: 'jsonl', gzip: false }],
    ['lines.ndjson', { field: 'link' }, { format: 'jsonl', gzip: false, field: 'link' }],
    ['list.txt.gz', {}, { format: 'text', gzip: true }],
    ['rows.csv.gz', {}, { format: 'csv', gzip: true }],
    ['lines.jsonl.gz', {}, { format: 'jsonl', gzip: true }],
    ['named-wrongly.txt', {}, { format: 'text', gzip: true }],
    ['not-zipped.txt.gz', {}, { format: 'text', gzip: false }],
  ];
  test.each(understood)('%s', async (name, options, expected) => {
    const { lists, discard } = await prepare([name], options);
    await discard();
    expect(lists).toEqual([{ name, path: join(base, name), field: undefined, ...expected }]);
  });
});

test.each([
  ['rows.csv', {}, []],
  ['rows.CSV', {}, ['rows.CSV: URLs are read from column "image_url"']],
  ['rows.CSV', { column: 'image_url' }, []],
  [
    'rows.tsv',
    {},
    ['rows.tsv: URLs are read from column "link", not from "page" (choose with --column)'],
  ],
  ['bare.csv', {}, ['bare.csv: there is no header, URLs are read from column 2']],
  ['array.json', {}, ['array.json: URLs are read from field "image"']],
  ['lines.ndjson', {}, ['lines.ndjson: URLs are read from field "link"']],
] as const)(
  'which column of %s is read is said, unless it was: %j',
  async (name, options, notes) => {
    const prepared = await prepare([name], options);
    await prepared.discard();
    expect(prepared.notes).toEqual(notes);
  },
);

test('URLs become one list, as they were given', async () => {
  const given = 'HTTP://A.example/%7e1.png#x';
  const { lists, discard } = await prepare([given, 'list.txt', URL_1]);
  const [urls, file] = lists;
  expect(file?.name).toBe('list.txt');
  expect(await readFile(urls?.path ?? '', 'utf8')).toBe(`HTTP://A.example/%7e1.png#x\n${URL_1}\n`);
  await discard();
  await expect(readFile(urls?.path ?? '')).rejects.toThrow('ENOENT');
});

test.each([
  [{}, `${URL_1}\n`, { format: 'text' }],
  [{ column: 'u' }, `u\n${URL_1}\n`, { format: 'csv', field: 'u' }],
  [{ field: 'u' }, `{"u":"${URL_1}"}\n`, { format: 'jsonl', field: 'u' }],
] as const)('standard input is what the options %j say', async (options, input, expected) => {
  const { lists, discard } = await prepare(['-'], options, input);
  expect(lists).toMatchObject([{ name: 'standard input', ...expected }]);
  expect(await readFile(lists[0]?.path ?? '', 'utf8')).toBe(input);
  await discard();
});

test.each([
  ['hashed.csv', { keep: ['Text'], hashColumn: 'md5' }, { keep: ['Text'], hashField: 'md5' }],
  ['hashed.csv', { keep: ['Text'], keepAll: true }, { keep: ['*'], hashField: undefined }],
  ['lines.jsonl', { keepAll: true }, { keep: ['*'] }],
] as const)('what is kept of %s: %j', async (name, options, expected) => {
  const { lists, discard } = await prepare([name, 'list.txt'], options);
  await discard();
  expect(lists).toMatchObject([expected, { format: 'text', hashField: undefined }]);
});

test.each([
  [{ keep: ['a'] }, '--keep: none of the sources has columns'],
  [{ keepAll: true }, '--keep: none of the sources has columns'],
  [{ hashColumn: 'a' }, '--hash-column: none of the sources has columns'],
] as const)('%j needs a list with columns', async (options, message) => {
  await expect(prepare(['list.txt', URL_1], options)).rejects.toThrow(message);
});

test.each([
  [{ keep: ['caption'] }, 'has no column "caption", only "url", "text", "md5"'],
  [{ hashColumn: 'sha' }, 'has no column "sha", only'],
] as const)('a column that is not there is told: %j', async (options, message) => {
  await expect(prepare(['hashed.csv'], options)).rejects.toThrow(message);
});
