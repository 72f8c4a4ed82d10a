import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { SeedLine } from '../../core/ports/seed-source.ts';
import { inChunks, ListFolder, readChunks } from './lists.ts';

const folder = new ListFolder();
afterAll(() => folder.remove());

/** Line numbers of which something is told, each once. */
function told(entries: readonly SeedLine[]): readonly number[] {
  return [...new Set(entries.map(({ line }) => line))].toSorted((a, b) => a - b);
}

/** Numbers of lines that are for `isBlank` something to be told of. */
function wanted(text: string, isBlank: (line: string) => boolean): readonly number[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.flatMap((line, at) => (isBlank(line) ? [] : [at + 1]));
}

const piece = fc.constantFrom(
  'http://a.test/1.png',
  'https://b.test/',
  'a cat',
  '"',
  ',',
  ', ',
  ';',
  '\t',
  ' ',
  '#',
  ' #',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '\u{feff}',
  '\u{2028}',
  'é',
  '\\',
  '&amp;',
  '-',
  '<',
  '>',
  '{}',
  "'",
  '\u{1}',
  '\u{85}',
  '|',
  '[',
  ']',
  'www.a.test/1.png',
  '.png',
  '1',
);
const bytes = fc.oneof(
  fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join(''))),
  // No zero: it makes a list binary.
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 80 }).map((all) => Buffer.from(all)),
);
const isComment = (line: string) => /^[\s\u{200b}\u{200e}\u{200f}\u{2060}]*(?:$|#)/u.test(line);

describe('no line is lost or joined with another', () => {
  it('in a text of any bytes: each is a URL, unusable, blank or a comment', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 9 }), async (content, length) => {
        // What the first line says of a header or of JSON is tried below.
        const text = Buffer.concat([Buffer.from('http://a.test/\n'), content]);
        const entries = await readChunks(inChunks(text, length));
        expect(told(entries)).toEqual(wanted(text.toString('utf8'), isComment));
        for (const { text: url = '', problem } of entries)
          if (problem === undefined && /^https?:/i.test(url))
            expect(url).toMatch(/^(?:\S+|\S+[^\s,;|] .*\.png(?:#.*)?)$/u);
      }),
      { numRuns: 400 },
    );
  });

  it('in a table without quotes', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 9 }), async (content, length) => {
        const rows = content.filter((byte) => byte !== 0x22);
        const text = Buffer.concat([Buffer.from('id,url\n1,http://a.test/\n'), rows]);
        const entries = await readChunks(inChunks(text, length), { format: 'csv' });
        const isEmpty = (row: string) => row.split(',').every((cell) => cell.trim() === '');
        const [header, ...numbers] = wanted(text.toString('utf8'), isEmpty);
        expect(header).toBe(1);
        expect(told(entries)).toEqual(numbers);
      }),
      { numRuns: 400 },
    );
  });

  const cell = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
  const row = fc.tuple(cell, fc.boolean(), cell, fc.constantFrom('\n', '\r\n', '\r'));

  it('in a table whose cells hold anything in quotes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.boolean(),
        async (rows, delimiter, gzip) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const url = (at: number, has: boolean) => (has ? `http://a.test/${at}` : 'none');
          const text = rows
            .map(([before, has, after, end], at) =>
              [quoted(before), url(at, has), `${quoted(after)}${end}`].join(delimiter),
            )
            .join('');
          const content = `a${delimiter}url${delimiter}b\n${text}`;
          const seeds = folder.list(gzip ? gzipSync(content) : content, { format: 'csv', gzip });
          const entries = await folder.read(seeds);
          const swallowed = entries.filter(({ problem }) => problem?.includes('within a quote'));
          const texts = entries
            .filter((entry) => !swallowed.includes(entry))
            .map((one) => one.text);
          expect(texts).toEqual(rows.map(([, has], at) => url(at, has)));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('in lines of JSON', async () => {
    const line = fc.oneof(
      fc.json(),
      fc.webUrl().map((url) => JSON.stringify({ url })),
      cell.map((text) => text.replaceAll(/[\r\n]/g, '')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, length) => {
        const text = ['{"url":"http://a.test/"}', ...lines].join('\n');
        const entries = await readChunks(inChunks(Buffer.from(text), length), { format: 'jsonl' });
        expect(told(entries)).toEqual(wanted(text, (one) => one.trim() === ''));
      }),
      { numRuns: 150 },
    );
  });

  it('in an array of JSON, however it is spaced', async () => {
    const space = fc.constantFrom('', ' ', '\n', '\r\n  ');
    const items = fc.array(
      fc.oneof(
        fc.json(),
        fc.webUrl().map((url) => JSON.stringify(url)),
      ),
    );
    await fc.assert(
      fc.asyncProperty(items, space, fc.integer({ min: 1, max: 9 }), async (some, gap, length) => {
        const all = ['"http://a.test/"', ...some];
        const text = `[${gap}${all.join(`${gap},${gap}`)}${gap}]${gap}`;
        const entries = await readChunks(inChunks(Buffer.from(text), length), { format: 'jsonl' });
        expect(told(entries)).toEqual(all.map((_, at) => at + 1));
      }),
      { numRuns: 150 },
    );
  });
});
