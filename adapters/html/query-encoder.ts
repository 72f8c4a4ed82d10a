/** Escapes the characters of a query that are not ASCII. */
export type QueryEncoder = (query: string) => string;

/** Encodings of two bytes a character, by the leads and trails of what browsers write in them. */
const PAIRS: ReadonlyMap<string, Pairs> = new Map([
  // Rows that others double are read, but never written (Encoding standard, "index Shift_JIS pointer").
  ['shift_jis', { leads: [0x81, 0xfc], trails: [0x40, 0xfc], unwritten: [0xed, 0xee] }],
  ['euc-jp', { leads: [0x8e, 0xfe], trails: [0xa1, 0xfe], unwritten: [0x8f, 0x8f] }],
  ['euc-kr', { leads: [0x81, 0xfe], trails: [0x41, 0xfe] }],
  // Hong Kong's rows are read, but never written ("index Big5 pointer").
  ['big5', { leads: [0xa1, 0xfe], trails: [0x40, 0xfe] }],
  ['gbk', { leads: [0x81, 0xfe], trails: [0x40, 0xfe] }],
  ['gb18030', { leads: [0x81, 0xfe], trails: [0x40, 0xfe] }],
]);

interface Pairs {
  readonly leads: readonly [from: number, to: number];
  readonly trails: readonly [from: number, to: number];
  readonly unwritten?: readonly [from: number, to: number];
}

/** Queries in these are UTF-8 in browsers; the last is ISO-2022-JP, which has a state and no pages left. */
const IN_UTF8: ReadonlySet<string> = new Set([
  'utf-8',
  'utf-16le',
  'utf-16be',
  'replacement',
  'iso-2022-jp',
]);

/** Of Big5: characters that it has twice, and of which the second place is written. */
const SECOND_OF_BIG5 = '\u2550\u255e\u2561\u256a\u5341\u5345';

const NEWLINE = 0x0a;
const tables = new Map<string, ReadonlyMap<string, string>>();

/**
 * How browsers escape the query of a link in a page with this encoding: in the page's encoding, where
 * what it lacks is written as a character reference (URL standard, "percent-encode after encoding").
 * Undefined where that is UTF-8. All bytes of such a character are escaped, also those that look like
 * ASCII: a server reads the same, and no `{` or `|` is sent.
 */
export function queryEncoder(encoding: string): QueryEncoder | undefined {
  if (IN_UTF8.has(encoding)) return undefined;
  return (query) => query.replace(/[^\0-\x7f]/gu, (character) => escaped(character, encoding));
}

function escaped(character: string, encoding: string): string {
  const known = tables.get(encoding);
  const table = known ?? tableOf(encoding);
  if (known === undefined) tables.set(encoding, table);
  const reference = `%26%23${character.isWellFormed() ? character.codePointAt(0) : 0xfffd}%3B`;
  return table.get(character) ?? reference;
}

/** What a decoder reads, the other way round: the first place of a character counts. */
function tableOf(encoding: string): ReadonlyMap<string, string> {
  const decoder = new TextDecoder(encoding);
  const decode = (bytes: Uint8Array) => decoder.decode(bytes);
  const table = new Map<string, string>();
  const pairs = PAIRS.get(encoding);
  addAll(
    range([0x80, 0xff]).map((byte) => [byte]),
    decode,
    table,
  );
  if (pairs === undefined) return table;
  const { leads, trails, unwritten = [0, -1] } = pairs;
  for (const lead of range(leads)) {
    if (lead >= unwritten[0] && lead <= unwritten[1]) continue;
    addAll(
      range(trails).map((trail) => [lead, trail]),
      decode,
      table,
      encoding === 'big5',
    );
  }
  // Where Japanese encodings have one sign for two.
  const minus =
    encoding.endsWith('jp') || encoding === 'shift_jis' ? table.get('\uff0d') : undefined;
  if (minus !== undefined) table.set('\u2212', minus).set('\u00a5', '%5C').set('\u203e', '%7E');
  return table;
}

function addAll(
  sequences: readonly (readonly number[])[],
  decode: (bytes: Uint8Array) => string,
  table: Map<string, string>,
  isBig5 = false,
): void {
  const lines = decode(Uint8Array.from(sequences.flatMap((one) => [...one, NEWLINE])));
  lines.split('\n').forEach((character, at) => {
    const isOne = [...character].length === 1 && character !== '\ufffd' && character > '\x7f';
    const isFirst = !table.has(character) || (isBig5 && SECOND_OF_BIG5.includes(character));
    if (isOne && isFirst) table.set(character, (sequences[at] ?? []).map(escapeByte).join(''));
  });
}

function range([from, to]: readonly [from: number, to: number]): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

function escapeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
