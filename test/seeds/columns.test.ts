import { afterAll, describe, expect, it } from 'vitest';
import { exactJson, parseExactJson } from '../../core/model/exact-json.ts';
import type { SeedList } from '../../core/model/run.ts';
import { gather, ListFolder } from './lists.ts';

const folder = new ListFolder();
afterAll(() => folder.remove());

const A = 'http://a.test/1.png';
const B = 'http://a.test/2.png';
const MD5 = '0123456789abcdef0123456789abcdef';
const SHA256 = MD5 + MD5;

async function rowsOf(content: string, change: Partial<SeedList>) {
  const rows = (await gather(folder.source.rows(folder.list(content, change)))).flat();
  return rows.map(({ row, text, columns }) => ({ row, text, columns }));
}

describe('the columns that are kept', () => {
  it('of a table are texts, under the names of its header; rows are counted without it', async () => {
    const csv = `id,url,Title\r\n1,${A},"two\nlines"\r\n\r\n,,\r\n2,${B},\r\n`;
    expect(await rowsOf(csv, { format: 'csv', keep: ['title', 'id'] })).toEqual([
      { row: 1, text: A, columns: { Title: 'two\nlines', id: '1' } },
      { row: 3, text: B, columns: { Title: '', id: '2' } },
    ]);
  });

  it('of a row that is too short are null', async () => {
    const rows = await rowsOf(`url,a,b\n${A},x\n`, { format: 'csv', keep: ['b'] });
    expect(rows).toEqual([{ row: 1, text: A, columns: { b: null } }]);
  });

  it('are all of them with *: the second of one name, and one without a name, by its number', async () => {
    const rows = await rowsOf(`url,a,a,\n${A},1,2,3\n`, { format: 'csv', keep: ['*'] });
    expect(rows).toEqual([{ row: 1, text: A, columns: { url: A, a: '1', '3': '2', '4': '3' } }]);
  });

  it('of a table without a header have numbers', async () => {
    const rows = await rowsOf(`x,${A}\ny,${B}\n`, { format: 'csv', keep: ['1'] });
    expect(rows.map(({ columns }) => columns)).toEqual([{ 1: 'x' }, { 1: 'y' }]);
  });

  it('of JSON keep their types, nested values and all digits', async () => {
    const line = `{"url":"${A}","n":1.5,"big":12345678901234567890,"no":false,"of":{"a":[null,9007199254740993]}}`;
    const columns = {
      n: 1.5,
      big: 12_345_678_901_234_567_890n,
      no: false,
      of: { a: [null, 9_007_199_254_740_993n] },
      more: null,
    };
    const keep = ['n', 'big', 'no', 'of', 'more'];
    const lines = await rowsOf(`\n${line}\n{"url":"${B}","more":1}\n`, { format: 'jsonl', keep });
    expect(lines[0]).toEqual({ row: 1, text: A, columns });
    expect(lines[1]).toMatchObject({ row: 2, columns: { more: 1, big: null } });
    const [item] = await rowsOf(`[${line}]`, { format: 'jsonl', keep: ['*'] });
    expect(item?.columns).toEqual({ url: A, n: 1.5, big: columns.big, no: false, of: columns.of });
  });

  it('go with each URL of a row', async () => {
    const rows = await rowsOf(`url;n\n"${A}, ${B}";7\n`, { format: 'csv', keep: ['n'] });
    expect(rows).toEqual([
      { row: 1, text: A, columns: { n: '7' } },
      { row: 1, text: B, columns: { n: '7' } },
    ]);
  });

  it.each([
    ['csv', `url,a\n${A},1\n`, 'has no column "b", only "url", "a"'],
    ['jsonl', `{"url":"${A}","a":1}\n`, 'has no field "b" in its first 1 values, only "url", "a"'],
  ] as const)('have to be there: %s', async (format, content, problem) => {
    const list = folder.list(content, { format, keep: ['b'] });
    expect((await folder.source.know(list)).shape).toEqual({ kind: 'refused', problem });
    const hashes = folder.list(content, { format, hashField: 'b' });
    expect((await folder.source.know(hashes)).shape).toEqual({ kind: 'refused', problem });
  });
});

describe('the columns that hooks are given', () => {
  const CSV = `url,Title,id\n${A},a cat,7\n${B},"a dog",8\n`;
  const JSON_LINES = `{"url":"${A}","Title":"a cat","id":7}\n{"url":"${B}","Title":"a dog"}\n`;

  it.each([
    ['csv', CSV, '7'],
    ['jsonl', JSON_LINES, 7],
    ['jsonl', `[${JSON_LINES.trim().replaceAll('\n', ',')}]`, 7],
  ] as const)(
    'come with the URLs of %s, from its beginning and from its middle',
    async (format, content, id) => {
      const list = folder.list(content, { format, hookColumns: ['title', 'Title', 'id'] });
      const [first, second] = await folder.read(list);
      expect(first?.columns).toMatchObject({ Title: 'a cat', id });
      const [again] = await folder.read(list, {
        line: first?.line ?? 0,
        byte: first?.endByte ?? 0,
      });
      expect(again).toMatchObject({ line: second?.line, text: B, endByte: second?.endByte });
      expect(again?.columns).toMatchObject({ Title: 'a dog' });
    },
  );

  it('are not those that results keep, and need not be there', async () => {
    const change = { format: 'csv', keep: ['id'], hookColumns: ['Title', 'caption'] } as const;
    const list = folder.list(CSV, change);
    expect((await folder.read(list))[0]?.columns).toEqual({ Title: 'a cat' });
    expect((await rowsOf(CSV, change))[0]?.columns).toEqual({ id: '7' });
    const given = (await gather(folder.source.rows(list, 'given'))).flat();
    expect(given.map(({ columns }) => columns?.['Title'])).toEqual(['a cat', 'a dog']);
  });

  it('are not read where nobody asks for them, nor from a list of lines', async () => {
    const plain = await folder.read(folder.list(CSV, { format: 'csv', keep: ['id'] }));
    expect(plain.map(({ columns }) => columns)).toEqual([undefined, undefined]);
    const lines = await folder.read(folder.list(`${A}\n`, { hookColumns: ['*'] }));
    expect(lines.map(({ columns }) => columns)).toEqual([undefined]);
  });
});

describe('a column with hashes', () => {
  it.each([
    ['csv', `url,h\n${A},${MD5.toUpperCase()}\n${B},${SHA256}\nhttp://a.test/3.png,\n`],
    [
      'jsonl',
      `{"url":"${A}","h":"${MD5}"}\n{"url":"${B}","h":"${SHA256}"}\n{"url":"${A}","h":null}\n`,
    ],
  ] as const)('of %s gives each URL its own, or none', async (format, content) => {
    const entries = await folder.read(folder.list(content, { format, hashField: 'h' }));
    expect(entries.map(({ expectedHash }) => expectedHash)).toEqual([MD5, SHA256, undefined]);
  });

  it.each(['12345', `${MD5}00`, 'z'.repeat(32)])('makes a row with %s unusable', async (hash) => {
    const list = folder.list(`url,h\n${A},${hash}\n`, { format: 'csv', hashField: 'h' });
    expect(await folder.read(list)).toMatchObject([
      { text: A, problem: expect.stringContaining('neither a SHA-256 nor an MD5') },
    ]);
  });
});

describe('JSON with all digits', () => {
  it.each([
    '{"a":12345678901234567890,"b":[-9007199254740993,1.5e300,12.25]}',
    '"12345678901234567890"',
    '[9007199254740991,null,true]',
  ])('is written as it was read: %s', (text) => {
    expect(exactJson(parseExactJson(text))).toBe(text.replace('1.5e300', '1.5e+300'));
  });
});
