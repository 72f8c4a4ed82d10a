import { afterAll, describe, expect, it } from 'vitest';
import { ListSource } from '../../adapters/seeds/list-source.ts';
import { openFile } from '../../adapters/seeds/open-file.ts';
import type { SeedList } from '../../core/model/run.ts';
import { gather, ListFolder, START } from './lists.ts';
import { aCaptionedList, aParquet, captionOf, urlOf } from './parquet-files.ts';

const folder = new ListFolder();
afterAll(() => folder.remove());

const parquet = (content: Uint8Array, change: Partial<SeedList> = {}) =>
  folder.list(content, { format: 'parquet', ...change });
const urlsOf = async (list: SeedList, line = 0) =>
  (await folder.read(list, { line, byte: 0 })).map(({ text }) => text);
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => from + at + 1);

describe('a Parquet file', () => {
  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI'] as const)(
    'is read, packed with %s, in several row groups and pages',
    async (codec) => {
      const content = aCaptionedList(500, { codec, rowGroupSize: 200, pageSize: 600 });
      expect(await urlsOf(parquet(content))).toEqual(numbers(0, 500).map(urlOf));
    },
  );

  it.each([1, 99, 199, 200, 201, 399, 499, 500])(
    'is entered behind row %i, whichever page that is in',
    async (row) => {
      const content = aCaptionedList(500, { rowGroupSize: 200, pageSize: 600 });
      expect(await urlsOf(parquet(content), row)).toEqual(numbers(row, 500).map(urlOf));
    },
  );

  it('is known by its bytes, whatever its name', async () => {
    const list = folder.list(aCaptionedList(3), { format: 'text' });
    expect(await urlsOf(list)).toEqual(numbers(0, 3).map(urlOf));
  });

  it('gives its columns with their types and each row its number', async () => {
    const list = parquet(aCaptionedList(20, { rowGroupSize: 8 }), { keep: ['*'] });
    const rows = (await gather(folder.source.rows(list))).flat();
    expect(rows.map(({ row, columns }) => ({ row, columns }))).toEqual(
      numbers(0, 20).map((row) => ({
        row,
        columns: {
          SAMPLE_ID: 2n ** 60n + BigInt(row),
          URL: urlOf(row),
          TEXT: captionOf(row),
          LICENSE: row % 3 === 0 ? 'by' : '?',
          similarity: row / 7,
        },
      })),
    );
  });

  it('gives dates as ISO 8601, what JSON has as it is, and bytes as Base64', async () => {
    const content = aParquet([
      { name: 'url', type: 'STRING', data: [urlOf(1)] },
      { name: 'when', type: 'TIMESTAMP', data: [new Date('2026-01-02T03:04:05.678Z')] },
      { name: 'json', type: 'JSON', data: [{ a: [1, null, 'x'], big: 5 }] },
      { name: 'bytes', type: 'BYTE_ARRAY', data: [Uint8Array.of(0xff, 0xfe)] },
      { name: 'small', type: 'INT64', data: [42n] },
      { name: 'yes', type: 'BOOLEAN', data: [true] },
      { name: 'nan', type: 'DOUBLE', data: [Number.NaN] },
    ]);
    const [row] = (await gather(folder.source.rows(parquet(content, { keep: ['*'] })))).flat();
    expect(row?.columns).toEqual({
      url: urlOf(1),
      when: '2026-01-02T03:04:05.678Z',
      json: { a: [1, null, 'x'], big: 5 },
      bytes: '//4=',
      small: 42,
      yes: true,
      nan: null,
    });
  });

  it('keeps lists within a column', async () => {
    const schema = [
      { name: 'root', num_children: 2 },
      { name: 'url', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      {
        name: 'tags',
        repetition_type: 'OPTIONAL',
        num_children: 1,
        converted_type: 'LIST',
        logical_type: { type: 'LIST' },
      },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    ] as const;
    const content = aParquet(
      [
        { name: 'url', data: [urlOf(1), urlOf(2)] },
        { name: 'tags', data: [['a', 'b'], []] },
      ],
      { schema: schema.map((element) => ({ ...element })) },
    );
    const list = parquet(content, { keep: ['tags'] });
    const rows = (await gather(folder.source.rows(list))).flat();
    expect(rows.map(({ columns }) => columns)).toEqual([{ tags: ['a', 'b'] }, { tags: [] }]);
  });

  it('takes the bytes of its columns with hashes', async () => {
    const md5 = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    const content = aParquet([
      { name: 'url', type: 'STRING', data: [urlOf(1), urlOf(2)] },
      { name: 'md5', type: 'BYTE_ARRAY', data: [new Uint8Array(md5), null] },
    ]);
    const entries = await folder.read(parquet(content, { hashField: 'md5' }));
    expect(entries.map(({ expectedHash }) => expectedHash)).toEqual([
      md5.toString('hex'),
      undefined,
    ]);
  });

  it('is asked for its URLs alone, page by page', async () => {
    const names = numbers(0, 40).map((at) => `c${at}`);
    const long = numbers(0, 400).map((row) => `${row} ${'x'.repeat(2000)}`);
    const content = aParquet(
      [
        { name: 'url', type: 'STRING' as const, data: numbers(0, 400).map(urlOf) },
        ...names.map((name) => ({ name, type: 'STRING' as const, data: long })),
      ],
      { codec: 'UNCOMPRESSED', pageSize: 100_000 },
    );
    const list = parquet(content, { field: 'url' });
    let asked = 0;
    const counting = new ListSource(async (location, from, to) => {
      const opened = await openFile(location, from, to);
      asked += (to ?? from) - from;
      return opened;
    });
    const read = (await gather(counting.read(list, START))).flat();
    expect(read).toHaveLength(400);
    // The first page of each column tells whether there are other URLs.
    expect(asked).toBeLessThan(names.length * 1.3e6 + 2e6);
    expect(asked).toBeLessThan(content.length / 0.6);
  });
});

describe('the column with URLs', () => {
  const columns = (names: readonly string[]) =>
    aParquet([
      { name: 'id', type: 'INT32', data: [1, 2] },
      ...names.map((name) => ({ name, type: 'STRING' as const, data: [urlOf(1), urlOf(2)] })),
      { name: 'note', type: 'STRING', data: ['a', 'b'] },
    ]);

  it.each([
    [['page', 'image_url'], undefined, 'image_url', ['page']],
    [['Url', 'image_url'], undefined, 'Url', ['image_url']],
    [['page', 'image_url'], 'PAGE', 'page', ['image_url']],
    [['page'], '2', 'page', []],
  ] as const)('of %j with --column %s is %s', async (names, field, column, others) => {
    const { shape } = await folder.source.know(parquet(columns(names), { field }));
    expect(shape).toMatchObject({ kind: 'parquet', column, others });
  });
});

describe('what cannot be read of Parquet', () => {
  const whole = aCaptionedList(100, { codec: 'UNCOMPRESSED' });
  const noUrls = aParquet([{ name: 'name', type: 'STRING', data: ['a'] }]);
  const encrypted = Buffer.concat([
    Buffer.from('PARE'),
    whole.subarray(4, -4),
    Buffer.from('PARE'),
  ]);
  const footerGone = Buffer.from(whole);
  footerGone.fill(0xff, whole.length - 400, whole.length - 8);

  it.each([
    ['a file that is cut', whole.subarray(0, 2000), {}, 'is a Parquet file that is cut'],
    ['its sign alone', Buffer.from('PAR1'), {}, 'is a Parquet file that is cut'],
    ['an encrypted footer', encrypted, {}, 'is an encrypted Parquet file, which is not read'],
    ['a damaged footer', footerGone, {}, 'is a damaged Parquet file: '],
    [
      'no rows',
      aParquet([{ name: 'url', type: 'STRING', data: [] }]),
      {},
      'is a Parquet file without rows',
    ],
    ['no URLs', noUrls, {}, 'has no column "url", only "name" (choose one with --column)'],
    ['no such column', whole, { field: 'link' }, 'has no column "link", only "SAMPLE_ID", "URL"'],
    ['no such column to keep', whole, { keep: ['caption'] }, 'has no column "caption", only'],
    ['no column of hashes', whole, { hashField: 'md5' }, 'has no column "md5", only'],
    ['text under its name', Buffer.from(`${urlOf(1)}\n`), {}, 'is no Parquet file'],
  ] as const)('%s', async (_, content, change, problem) => {
    const { shape } = await folder.source.know(parquet(content, change));
    expect(shape).toMatchObject({ kind: 'refused', problem: expect.stringContaining(problem) });
    const read = await folder.read(parquet(content, change));
    expect(read).toMatchObject([{ problem: expect.stringContaining('the rest cannot be read') }]);
  });

  it('damaged pages end the list where they are, with a line that says so', async () => {
    const content = aCaptionedList(400, { codec: 'UNCOMPRESSED', rowGroupSize: 200 });
    const [from] = [content.indexOf(Buffer.from('http://a.test/201.jpg'))];
    content.fill(0xff, from - 60, from - 20);
    const read = await folder.read(parquet(content));
    expect(read.slice(0, -1).map(({ text }) => text)).toEqual(numbers(0, 200).map(urlOf));
    expect(read.at(-1)).toMatchObject({
      problem: expect.stringContaining('the rest cannot be read: it is damaged after row 200'),
    });
  });

  it('a list that does not come any more is no damage', async () => {
    const list = parquet(whole);
    let opened = 0;
    const failing = new ListSource(async (location, from, to) => {
      opened += 1;
      if (opened > 2) throw new Error('the bucket is away');
      return openFile(location, from, to);
    });
    await expect(gather(failing.read(list, START))).rejects.toThrow('the bucket is away');
  });
});
