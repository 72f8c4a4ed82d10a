import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { inChunks, ListFolder, readChunks, START } from './lists.ts';

const folder = new ListFolder();
afterAll(() => folder.remove());

const LIMIT = 4 * 1024 * 1024;

const SHAPES = [
  ['CR', 'a\rb\r', [1, 'a', 2], [2, 'b', 4]],
  ['line ends of all kinds', 'a\r\n\rb\n', [1, 'a', 3], [3, 'b', 6]],
  ['comments', '# x\na # y\n  #z\nb\n', [2, 'a', 10], [4, 'b', 17]],
  ['LF', 'a\nb\n', [1, 'a', 2], [2, 'b', 4]],
  ['CRLF', 'a\r\nb\r\n', [1, 'a', 3], [2, 'b', 6]],
  ['no newline at the end', 'a\nb', [1, 'a', 2], [2, 'b', 3]],
  ['a byte order mark', '\u{feff}a\nb\n', [1, 'a', 5], [2, 'b', 7]],
  ['blank lines, which count', '\n\na\n \t\n\nb\n', [3, 'a', 4], [6, 'b', 10]],
  ['space around', '  a \t\n\tb\n', [1, 'a', 6], [2, 'b', 9]],
  ['letters of many bytes', 'é\n本\n', [1, 'é', 3], [2, '本', 7]],
] as const;

describe('a list of lines', () => {
  it.each(SHAPES)('with %s', async (_, content, ...expected) => {
    const lines = expected.map(([line, text, endByte]) => ({ line, text, endByte }));
    expect(await folder.read(folder.list(content))).toEqual(lines);
    expect(await folder.read(folder.list(gzipSync(content), { gzip: true }))).toEqual(lines);
  });

  it.each(['', '\n', '\r\n\r\n', '\u{feff}'])(
    'that holds nothing gives nothing: %j',
    async (content) => {
      expect(await folder.read(folder.list(content))).toEqual([]);
    },
  );

  it('is the same in chunks of any length', async () => {
    const bytes = Buffer.from('\u{feff}http://a.test/é\r\n\n本本\nlast');
    const whole = await readChunks([bytes]);
    expect(whole.map(({ text }) => text)).toEqual(['http://a.test/é', '本本', 'last']);
    for (let length = 1; length < bytes.byteLength; length += 1) {
      expect(await readChunks(inChunks(bytes, length))).toEqual(whole);
    }
  });

  it('comes in portions, and never as a whole', async () => {
    const content = Array.from({ length: 200_000 }, (_, at) => `http://a.test/${at}`).join('\n');
    let portions = 0;
    let lines = 0;
    for await (const portion of folder.source.read(folder.list(content), START)) {
      portions += 1;
      lines += portion.length;
    }
    expect(lines).toBe(200_000);
    expect(portions).toBeGreaterThan(10);
  });

  it('that is gone is an error', async () => {
    const gone = folder.list('', { location: 'file:///nowhere/list.txt' });
    await expect(folder.read(gone)).rejects.toThrow('ENOENT');
  });
});

describe('a line that is too long', () => {
  const problem = `longer than ${LIMIT} bytes`;

  it.each([LIMIT + 1, 9_000_000])(
    'of %i bytes is named, and the others are read',
    async (length) => {
      const content = `a\n${'x'.repeat(length)}\nb\n`;
      const expected = [
        { line: 1, text: 'a', endByte: 2 },
        { line: 2, text: '', problem, endByte: length + 3 },
        { line: 3, text: 'b', endByte: length + 5 },
      ];
      expect(await folder.read(folder.list(content))).toEqual(expected);
      expect(await readChunks(inChunks(Buffer.from(content), 300_000))).toEqual(expected);
    },
  );

  it('is named at the end of the list too', async () => {
    const expected = [{ line: 1, text: '', problem, endByte: 5_000_000 }];
    expect(await folder.read(folder.list('x'.repeat(5_000_000)))).toEqual(expected);
    expect(await readChunks(inChunks(Buffer.alloc(5_000_000, 'x'), 70_000))).toEqual(expected);
  });

  it('is longer than the longest', async () => {
    const text = 'x'.repeat(LIMIT);
    expect(await folder.read(folder.list(`${text}\n`))).toEqual([
      { line: 1, text, endByte: LIMIT + 1 },
    ]);
  });
});

describe('a list that is entered in its middle', () => {
  const line = fc.constantFrom(
    'a',
    'é本',
    '',
    ' ',
    '\u{feff}',
    'x'.repeat(300),
    '"',
    '{"url":"u"}',
  );
  const content = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean())
    .map(([lines, end, last]) => lines.join(end) + (last ? end : ''));

  it.each([
    ['text', false],
    ['text', true],
    ['jsonl', false],
    ['jsonl', true],
  ] as const)('gives exactly the rest: %s, gzip %s', async (format, gzip) => {
    await fc.assert(
      fc.asyncProperty(content, async (text) => {
        const list = folder.list(gzip ? gzipSync(text) : text, { format, gzip });
        const all = await folder.read(list);
        for (const [at, { line, endByte }] of all.entries()) {
          expect(await folder.read(list, { line, byte: endByte })).toEqual(all.slice(at + 1));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('gives nothing after its end', async () => {
    expect(await folder.read(folder.list('a\n'), { line: 1, byte: 2 })).toEqual([]);
  });
});

describe('a compressed list', () => {
  it('may be of several members', async () => {
    const content = Buffer.concat([gzipSync('a\n'), gzipSync('b\n')]);
    const lines = await folder.read(folder.list(content, { gzip: true }));
    expect(lines.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it.each(['text', 'csv', 'jsonl'] as const)(
    'that was cut ends with a bad line that says so: %s',
    async (format) => {
      const whole = gzipSync('url\nhttp://a.test/\n'.repeat(1000));
      const list = folder.list(whole.subarray(0, -20), { gzip: true, format });
      // The error races with the reader: once is not enough to see it lost.
      for (let time = 0; time < 20; time += 1) {
        const lines = await folder.read(list);
        expect(lines.at(-1)?.problem).toBe('the rest cannot be read: unexpected end of file');
      }
    },
  );

  it('that is not a list is one bad line', async () => {
    const list = folder.list('http://a.test/\n', { gzip: true });
    const lines = await folder.read(list);
    expect(lines).toMatchObject([
      { line: 1, problem: expect.stringContaining('incorrect header') },
    ]);
  });

  it('may be left early', async () => {
    const list = folder.list(gzipSync('http://a.test/\n'.repeat(100_000)), { gzip: true });
    for await (const [first] of folder.source.read(list, START)) {
      expect(first).toMatchObject({ line: 1 });
      break;
    }
  });
});
