import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { SeedList } from '../../core/model/run.ts';
import { inChunks, ListFolder, readChunks } from './lists.ts';

const folder = new ListFolder();
afterAll(() => folder.remove());

const A = 'http://a.test/1.png';
const B = 'https://b.test/2.png';
type Format = SeedList['format'];

/** What is read: URLs, and problems after an exclamation mark. */
function shown(entries: Awaited<ReturnType<typeof readChunks>>): readonly string[] {
  return entries.map(({ line, text = '', problem }) =>
    problem === undefined ? text : `! ${line}: ${problem}`,
  );
}

interface Case {
  readonly what: string;
  readonly format: Format;
  readonly content: string | Uint8Array;
  readonly field?: string;
  readonly read: readonly string[];
}

const list = (
  what: string,
  format: Format,
  content: string | Uint8Array,
  read: readonly string[],
  field?: string,
): Case => {
  return { what, format, content, read, field };
};
const utf16be = (text: string) => Buffer.from(`\u{feff}${text}`, 'utf16le').swap16();
const utf16le = (text: string) => Buffer.from(`\u{feff}${text}`, 'utf16le');
const BAD_UTF8 = Buffer.concat([
  Buffer.from('http://a.test/'),
  Buffer.from([0xe9]),
  Buffer.from(`\n${A}\n`),
]);
const LONG = 'x'.repeat(80_000);
const SWALLOWED = 'it is within a quote that is opened in it or before and not closed';
const REST = 'the rest cannot be read: ';

const DELIMITERS: readonly Case[] = [
  list('semicolons', 'csv', `name;url\na;${A}\nb;${B}\n`, [A, B]),
  list('semicolons, and commas in cells', 'csv', `url;note\n${A};1,5\n${B};2,5\n`, [A, B]),
  list('TABs in a .csv', 'csv', `id\turl\n1\t${A}\n2\t${B}\n`, [A, B]),
  list('TABs and empty cells', 'csv', `a\tb\turl\n\t\t${A}\n1\t\t${B}\n`, [A, B]),
  list('bars', 'csv', `id|url\n1|${A}\n2|${B}\n`, [A, B]),
  list('semicolons without a header', 'csv', `7;${A};cat\n8;${B};dog\n`, [A, B]),
  list('TABs without a header, commas in captions', 'csv', `a cat, sitting\t${A}\na dog\t${B}\n`, [
    A,
    B,
  ]),
  list('one column of URLs with commas', 'csv', 'url\nhttp://a.test/w_1,h_2/a.png\n', [
    'http://a.test/w_1,h_2/a.png',
  ]),
];

const LINE_ENDS: readonly Case[] = [
  list('CRLF after the header, then LF', 'csv', `id,url\r\n1,${A}\n2,${B}\r\n`, [A, B]),
  list('LF after the header, then CRLF', 'csv', `id,url\n1,${A}\r\n2,${B}`, [A, B]),
  list('CR', 'csv', `id,url\r1,${A}\r2,${B}\r`, [A, B]),
  list('all three', 'csv', `id,url\r1,${A}\n2,${B}\r\n3,${A}\r`, [A, B, A]),
  list('all three in a text', 'text', `${A}\r${B}\r\n${A}\n${B}`, [A, B, A, B]),
  list('CR in JSON lines', 'jsonl', `{"url":"${A}"}\r{"url":"${B}"}\r`, [A, B]),
];

const ROWS: readonly Case[] = [
  list('no header', 'csv', `${A}\n${B}\n`, [A, B]),
  list('a column by its number', 'csv', `${A},${B}\n`, [B], '2'),
  list('a header in other case, with spaces', 'csv', ` Id , URL \n1,${A}\n`, [A]),
  list('another column of other case', 'csv', `id,Image_URL\n1,${A}\n`, [A], 'image_url'),
  list('a column of another name', 'csv', `id,picture\n1,${A}\n`, [A]),
  list('several columns with URLs', 'csv', `page,image\n${B},${A}\n`, [A]),
  list('the column twice: the first', 'csv', `url,id,url\n${A},1,${B}\n`, [A]),
  list('the column twice: the second, by its number', 'csv', `url,id,url\n${A},1,${B}\n`, [B], '3'),
  list('spaces before quotes', 'csv', `id, url\n1, "${A}"\n2,\t"${B}" \n`, [A, B]),
  list('quotes within cells', 'csv', `url,t\n${A},5" disk\n${B},say "hi" now\n`, [A, B]),
  list('a long cell', 'csv', `url,t\n${A},"${LONG}"\n${B},x\n`, [A, B]),
  list('rows of other lengths', 'csv', `id,url,t\n1,${A}\n2,${B},x,1,2\n3\n`, [
    A,
    B,
    '! 4: no "url" in the row',
  ]),
  list('empty rows', 'csv', `id,url\n,\n\n ,  \n1,${A}\n`, [A]),
  list('several URLs in a cell', 'csv', `url\n"${A}, ${B}"\n`, [A, B]),
  list('a comma in a URL without quotes', 'csv', 'url,t\nhttp://a.test/w_1,h_2/a.png,cat\n', [
    '! 2: the next cell may belong to it: a delimiter within a URL needs quotes around the URL',
  ]),
  list('a quote that is closed some rows later', 'csv', `t,url\n"5 inch,${A}\n6,${B}\n"7",${B}\n`, [
    `! 2: ${SWALLOWED}`,
    `! 3: ${SWALLOWED}`,
    B,
  ]),
  list('a quote that is closed in the next row', 'csv', `t,url\n"5 inch,${A}\n"7",${B}\n`, [
    `! 2: ${SWALLOWED}`,
    B,
  ]),
  list(
    'a quote behind the URL that is closed later',
    'csv',
    `url,t\n${A},"5 inch\n${B},6\n${B},"7"\n`,
    [`! 3: ${SWALLOWED}`, `! 4: ${SWALLOWED}`, A],
  ),
  list(
    'a quote before the URL that is closed later',
    'csv',
    `id,t,url\n1,"5 inch,${A}\n2,6,${B}\n3,"7",${B}\n`,
    [`! 2: ${SWALLOWED}`, `! 3: ${SWALLOWED}`, B],
  ),
  list(
    'a text of several lines with URLs in it',
    'csv',
    `t,url\n"see\n${B}\nor <img src=${B}>, x",${A}\n`,
    [A],
  ),
  list('a quote that is never closed', 'csv', `url,t\n${A},x\n${B},"5 inch\n`, [
    A,
    `! 3: ${REST}a quote of the row after line 2 is not closed`,
  ]),
  list('a row of 5 MB', 'csv', `url,t\n${A},x\n${B},"${'x'.repeat(5_000_000)}"\n`, [
    A,
    `! 3: ${REST}the row after line 2 is longer than 4194304 bytes; is a quote of it not closed?`,
  ]),
];

const JSONS: readonly Case[] = [
  list('an array of texts', 'jsonl', JSON.stringify([A, B]), [A, B]),
  list(
    'an array of objects over several lines',
    'jsonl',
    JSON.stringify([{ url: A }, { url: B }], null, 2),
    [A, B],
  ),
  list('a field in other case', 'jsonl', JSON.stringify([{ URL: A }]), [A]),
  list('a field of another name', 'jsonl', `{"id":1,"src":"${A}"}\n`, [A]),
  list('an array in a field', 'jsonl', `{"image_urls":["${A}","${B}"]}\n`, [A, B], 'image_urls'),
  list(
    'a field of the objects of an array',
    'jsonl',
    `{"images":[{"src":"${A}"},{"src":"${B}"}]}\n`,
    [A, B],
    'images.src',
  ),
  list('lines of texts', 'jsonl', `"${A}"\n"${B}"\n`, [A, B]),
  list('lines of arrays', 'jsonl', `["${A}"]\n["${B}"]\n`, [A, B]),
  list('several URLs in a text', 'jsonl', `{"url":"${A}\\n${B}"}\n`, [A, B]),
  list('items without a URL', 'jsonl', `[{"url":"${A}"},,{"x":"\\"]"},7]`, [
    A,
    '! 2: not JSON',
    '! 3: no text "url" in it, only "x"',
    '! 4: no text "url" in it',
  ]),
  list('an array that is not closed', 'jsonl', `["${A}","${B}"`, [
    A,
    `! 2: ${REST}its array is not closed`,
  ]),
  list('text behind the array', 'jsonl', `[\n"${A}"]\nx`, [
    A,
    `! 2: ${REST}there is text behind the end of its array`,
  ]),
  list('an item of 5 MB', 'jsonl', `["${'x'.repeat(5_000_000)}","${A}"]`, [
    '! 1: longer than 4194304 bytes',
    A,
  ]),
];

const OTHERS: readonly Case[] = [
  list('JSON lines named .json', 'jsonl', `{"url":"${A}"}\n{"url":"${B}"}\n`, [A, B]),
  list('JSON lines named .txt', 'text', `{"url":"${A}"}\n{"url":"${B}"}\n`, [A, B]),
  list('an array named .txt', 'text', `[\n"${A}",\n"${B}"\n]\n`, [A, B]),
  list('an array named .csv', 'csv', `["${A}","${B}"]`, [A, B]),
  list('lines of text named .jsonl', 'jsonl', `${A}\n${B}\n`, [A, B]),
  list('CSV named .txt', 'text', `url,caption\n${A},cat\n${B},dog\n`, [A, B]),
  list('CSV of another column named .txt', 'text', `image;caption\n${A};cat\n${B};dog\n`, [A, B]),
  list('CSV named .txt, with a column that is named', 'text', `a,b\n${A},${B}\n`, [B], 'b'),
  list('a text with a title', 'text', `My list\n${A}\n`, ['My list', A]),
  list(
    'UTF-16 LE, TABs, named .txt as Excel does',
    'text',
    utf16le(`url\tt\r\n${A}\té\r\n${B}\tx\r\n`),
    [A, B],
  ),
  list('UTF-16 BE', 'csv', utf16be(`url\n${A}\n`), [A]),
  list('UTF-16 lines', 'text', utf16le(`${A}\r\n${B}`), [A, B]),
  list('UTF-16 JSON', 'jsonl', utf16le(`["${A}"]`), [A]),
  list('a mark within a text', 'text', `${A}\n\u{feff}${B}\n`, [A, B]),
  list('bytes that are not UTF-8', 'text', BAD_UTF8, ['! 1: it is not UTF-8', A]),
  list('bytes that are not UTF-8, as CSV', 'csv', Buffer.concat([Buffer.from('url\n'), BAD_UTF8]), [
    '! 2: it is not UTF-8',
    A,
  ]),
  list('Parquet', 'text', 'PAR1\0\0\0PAR1', [expect.stringContaining(`! 1: ${REST}it is`)]),
  list('a ZIP', 'csv', 'PK\u{3}\u{4}\0\0list.txt', [expect.stringContaining('it is a ZIP')]),
  list('a workbook', 'text', 'PK\u{3}\u{4}\0\0[Content_Types].xml', [
    expect.stringContaining('Excel workbook'),
  ]),
  list('a list of words that begin as ORC does', 'text', `ORC pictures\n${A}\n`, [
    'ORC pictures',
    A,
  ]),
  list('a byte 0', 'text', `${A}\n\0\n`, [expect.stringContaining('it is binary')]),
];

describe.each([
  ['delimiters', DELIMITERS],
  ['line ends', LINE_ENDS],
  ['rows', ROWS],
  ['JSON', JSONS],
  ['other content than the name says', OTHERS],
])('%s', (_, cases) => {
  it.each(cases)('$what', async ({ format, content, field, read }) => {
    expect(shown(await folder.read(folder.list(content, { format, field })))).toEqual(read);
  });

  it.each(cases)('$what, packed', async ({ format, content, field, read }) => {
    const packed = folder.list(gzipSync(content), { format, field, gzip: true });
    expect(shown(await folder.read(packed))).toEqual(read);
  });

  const short = cases.filter(({ content }) => content.length < 1000);
  it.each(short)('$what, in chunks of any length', async ({ format, content, field, read }) => {
    const bytes = Buffer.from(content);
    for (const length of [1, 2, 3, 5, 7, 30])
      expect(shown(await readChunks(inChunks(bytes, length), { format, field }))).toEqual(read);
  });

  it.each(short)('$what, entered after any line', async ({ format, content, field }) => {
    const seeds = folder.list(content, { format, field });
    const all = await folder.read(seeds);
    for (const [at, { line, endByte, goesOn, problem }] of all.entries()) {
      if (goesOn === true || problem?.startsWith(REST) === true) continue;
      const rest = all.slice(at + 1);
      expect(shown(await folder.read(seeds, { line, byte: endByte }))).toEqual(shown(rest));
    }
  });
});
