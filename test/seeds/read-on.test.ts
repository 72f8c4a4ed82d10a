import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ListSource } from '../../adapters/seeds/list-source.ts';
import type { SeedLine } from '../../core/ports/seed-source.ts';

const ROWS = 400;
const LISTS: Readonly<Record<string, string>> = {
  text: Array.from({ length: ROWS }, (_, at) => `https://ü${at}.example/${at}.png`).join('\r\n'),
  csv: [
    'id,url',
    ...Array.from({ length: ROWS }, (_, at) => `"a\nb ${at}",https://ä.example/${at}.png`),
  ].join('\n'),
  jsonl: Array.from({ length: ROWS }, (_, at) => `{"url":"https://a.example/${at}.png"}`).join(
    '\n',
  ),
};

const CODINGS = {
  plain: (text: string) => Buffer.from(text),
  gzip: (text: string) => gzipSync(text),
  'UTF-16': (text: string) => Buffer.from(`\u{feff}${text}`, 'utf16le'),
} as const satisfies Record<string, (text: string) => Buffer>;

const CASES = Object.keys(LISTS).flatMap((format) =>
  Object.entries(CODINGS).map(([coding, encode]) => ({ format, coding, encode })),
);

it.each(CASES)(
  'a list in $format and $coding is read on at any line as if it had not been left',
  async ({ format, coding, encode }) => {
    const bytes = encode(LISTS[format] ?? '');
    const source = new ListSource(async (_, fromByte) => ({
      bytes: Readable.from([bytes.subarray(fromByte)]),
      size: bytes.length,
    }));
    const list = {
      name: 'a',
      location: 'file:///a',
      format: format === 'csv' || format === 'jsonl' ? format : 'text',
      gzip: coding === 'gzip',
      round: 0,
    } as const;
    const readAfter = async (line: number, byte: number) => {
      const all: SeedLine[] = [];
      for await (const entries of source.read(list, { line, byte })) all.push(...entries);
      return all;
    };
    const all = await readAfter(0, 0);
    expect(all).toHaveLength(ROWS);
    for (const at of [0, 1, 57, 200, ROWS - 2]) {
      const { line = 0, endByte = 0 } = all[at] ?? {};
      expect(await readAfter(line, endByte)).toEqual(all.slice(at + 1));
    }
  },
);
