import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { SeedList } from '../../core/model/run.ts';
import { gather, inChunks, ListFolder, readChunks, START } from './lists.ts';

const folder = new ListFolder();
afterAll(() => folder.remove());

const CSV = { format: 'csv' } satisfies Partial<SeedList>;
const JSONL = { format: 'jsonl' } satisfies Partial<SeedList>;

/** Pairs of line and text; a problem is shown after an exclamation mark. */
async function read(content: string, change: Partial<SeedList>) {
  const lines = await folder.read(folder.list(content, change));
  return lines.map(({ line, text, problem }) => [
    line,
    problem === undefined ? text : `! ${problem}`,
  ]);
}

async function problems(content: string, change: Partial<SeedList>) {
  const lines = await folder.read(folder.list(content, change));
  return lines.map(({ line, problem }) => [line, problem]);
}

const TABLES = [
  [
    'a column by its usual name',
    'id,url\n1,http://a.test/\n2,b\n',
    undefined,
    [2, 'http://a.test/'],
    [3, 'b'],
  ],
  ['a column by another name', 'id,image link\n1,a\n', 'image link', [2, 'a']],
  ['CRLF', 'url\r\na\r\nb\r\n', undefined, [2, 'a'], [3, 'b']],
  ['a byte order mark', '\u{feff}url\na\n', undefined, [2, 'a']],
  ['no newline at the end', 'url\na', undefined, [2, 'a']],
  [
    'quotes',
    'url,x\n"http://a.test/?a=1,2",y\n"say ""hi""",z\n',
    undefined,
    [2, 'http://a.test/?a=1,2'],
    [3, 'say "hi"'],
  ],
  ['a newline inside quotes', 'x,url\n"one\ntwo",a\nthree,b\n', undefined, [3, 'a'], [4, 'b']],
  ['blank lines', 'url\n\na\n\nb\n', undefined, [3, 'a'], [5, 'b']],
  ['space around', 'url\n  a  \n', undefined, [2, 'a']],
  [
    'a value that is missing',
    'x,url\n1,a\n2,\n3\n4,b\n',
    undefined,
    [2, 'a'],
    [3, '! no "url" in the row'],
    [4, '! no "url" in the row'],
    [5, 'b'],
  ],
  [
    'a column that is missing',
    'x\n1\n',
    'link',
    [1, '! the rest cannot be read: it has no column "link", only "x"'],
  ],
  ['more values than columns', 'url,x\na,b,c\n', undefined, [2, 'a']],
  ['a quote inside a value', 'url\na"b\n', undefined, [2, 'a"b']],
  ['a header only', 'url\n', undefined],
  ['nothing', '', undefined],
] as const;

describe('a table', () => {
  it.each(TABLES)('with %s', async (_, content, field, ...expected) => {
    expect(await read(content, { ...CSV, field })).toEqual(expected);
  });

  it('is the same in chunks of any length', async () => {
    const bytes = Buffer.from('\u{feff}x,url\r\n"é\n""q""",http://a.test/本\r\n2,b');
    const whole = await readChunks([bytes], CSV);
    expect(whole.map(({ text }) => text)).toEqual(['http://a.test/本', 'b']);
    for (let length = 1; length < bytes.byteLength; length += 1) {
      expect(await readChunks(inChunks(bytes, length), CSV)).toEqual(whole);
    }
  });

  it('may be compressed', async () => {
    const list = folder.list(gzipSync('url\na\n'), { ...CSV, gzip: true });
    expect(await folder.read(list)).toEqual([{ line: 2, text: 'a', endByte: 6 }]);
  });

  it('that is long is read whole, and in portions', async () => {
    const rows = Array.from({ length: 2500 }, (_, at) => `${at}`).join('\n');
    const list = folder.list(`url\n${rows}\n`, CSV);
    const portions = await gather(folder.source.read(list, START));
    expect(portions.map((portion) => portion.length)).toEqual(
      Array.from({ length: 25 }, () => 100),
    );
  });

  it('gives exactly the rest when it is entered after a line', async () => {
    const list = folder.list('x,url\n"1\n2",a\n3,b\n4,c\n', CSV);
    const all = await folder.read(list);
    for (const [at, { line, endByte }] of all.entries()) {
      expect(await folder.read(list, { line, byte: endByte })).toEqual(all.slice(at + 1));
    }
  });

  it('that is gone is an error', async () => {
    const gone = folder.list('', { ...CSV, location: 'file:///nowhere/list.csv' });
    await expect(folder.read(gone)).rejects.toThrow('ENOENT');
  });
});

const OBJECTS = [
  ['the usual field', '{"url":"a"}\n{"x":1,"url":" b "}\n', undefined, [1, 'a'], [2, 'b']],
  ['another field', '{"image":{"x":1},"link":"a"}\n', 'link', [1, 'a']],
  ['a field inside another', '{"image":{"src":"a"}}\n', 'image.src', [1, 'a']],
  ['a place in an array', '{"images":["a","b"]}\n', 'images.1', [1, 'b']],
  ['a name with a dot in it', '{"image.src":"a","image":{"src":"b"}}\n', 'image.src', [1, 'a']],
  [
    'a byte order mark and CRLF',
    '\u{feff}{"url":"a"}\r\n{"url":"b"}\r\n',
    undefined,
    [1, 'a'],
    [2, 'b'],
  ],
  ['escapes', '{"url":"http:\\/\\/a.test\\/\\u00e9"}\n', undefined, [1, 'http://a.test/é']],
  ['blank lines', '\n{"url":"a"}\n\n', undefined, [2, 'a']],
] as const;

const NO_OBJECT = [
  ['nonsense', 'not JSON'],
  ['{"url":"a"', 'not JSON'],
  ['[]', 'no text "url" in it'],
  ['null', 'no text "url" in it'],
  ['3', 'no text "url" in it'],
  ['{}', 'no text "url" in it'],
  ['{"url":1}', 'no text "url" in it, only "url"'],
  ['{"url":null,"x":2}', 'no text "url" in it, only "url", "x"'],
] as const;

describe('a list of JSON lines', () => {
  it.each(OBJECTS)('with %s', async (_, content, field, ...expected) => {
    expect(await read(content, { ...JSONL, field })).toEqual(expected);
  });

  it.each(NO_OBJECT)('names a line that has no text in the field: %s', async (text, problem) => {
    expect(await problems(`${text}\n{"url":"a"}\n`, JSONL)).toEqual([
      [1, problem],
      [2, undefined],
    ]);
  });

  it('finds no field in what every object has', async () => {
    expect(await problems('{}\n', { ...JSONL, field: 'constructor' })).toEqual([
      [1, 'no text "constructor" in it'],
    ]);
  });

  it('names a line that is too long', async () => {
    const long = `{"url":"${'x'.repeat(5_000_000)}"}\n{"url":"a"}\n`;
    expect(await problems(long, JSONL)).toEqual([
      [1, 'longer than 4194304 bytes'],
      [2, undefined],
    ]);
  });

  it('with a quote that never ends is read up to there, and says so', async () => {
    const rows = Array.from({ length: 3000 }, (_, at) => `http://a.test/${at}`).join('\n');
    const list = folder.list(`url\n${rows}\n"http://a.test/x\nmore\n`, { format: 'csv' });
    const lines = await folder.read(list);
    expect(lines.at(-1)?.problem).toContain('the rest cannot be read');
    expect(lines.filter(({ text }) => text !== undefined).length).toBeGreaterThan(2900);
  });
});
