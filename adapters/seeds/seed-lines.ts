import type { Readable } from 'node:stream';
import { parseSeedTarget } from '../../contract/seed-target.ts';
import type { ColumnUse } from '../../core/ports/seed-source.ts';
import { readExpectedHash } from '../../core/seed/expected-hash.ts';
import { textsOfLine } from '../../core/seed/list-text.ts';
import { decodedBytes, type Encoding, withoutFirst } from './decoded-bytes.ts';
import { type Entry, entriesOf, type Line } from './entries-of.ts';
import { JsonItems } from './json-items.ts';
import type { JsonShape } from './json-shape.ts';
import { cellText, keptFields, keysOf, parseJson, textsOfValue, valueAt } from './json-value.ts';
import { isBrokenList } from './list-head.ts';
import type { KnownList } from './list-shape.ts';
import { MAX_LINE_BYTES } from './max-line-bytes.ts';
import { type TableRow, tableRows } from './table-rows.ts';
import type { TableShape } from './table-shape.ts';
import { type Place, type RawLine, textLines } from './text-lines.ts';

/** How the entry begins that stands for what cannot be read of a list. */
export const UNREADABLE_REST = 'the rest cannot be read: ';
const TOO_LONG = `longer than ${MAX_LINE_BYTES} bytes`;

/** Whether a list can be entered in its middle: not where its bytes are packed or encoded. */
export function isSeekable({ gzip, charset }: Encoding): boolean {
  return !gzip && charset === undefined;
}

/** How the lines of a list are read. */
export interface Reading {
  readonly place: Place;
  /** Which of its columns each line comes with; none when absent. */
  readonly use?: ColumnUse;
  /** Unpacked bytes before the place: passed over, at a tenth of the cost of reading them. */
  readonly skipBytes?: number;
}

/**
 * The entries of a list, blank lines and comments left out, in portions. A list that is broken inside (a cut gzip, a
 * quote that never ends) ends there with an entry that says so: what came before is crawled, and reading it again
 * would not mend it.
 */
export async function* seedEntries(
  portions: AsyncIterable<readonly Line[]>,
  place: Place,
): AsyncGenerator<readonly Entry[]> {
  let last: Place = place;
  try {
    for await (const portion of portions) {
      const entries = portion.flatMap(entriesOf);
      last = portion.at(-1) ?? last;
      if (entries.length > 0) yield entries;
    }
  } catch (error) {
    if (!isBrokenList(error)) throw error;
    const problem = UNREADABLE_REST + error.message;
    yield [{ line: last.line + 1, problem, endByte: last.byte }];
  }
}

/** The lines of a text, a table or JSON; `bytes` begin at the place, or so many before it. */
export async function* seedLines(
  bytes: Readable,
  { shape, charset }: KnownList,
  gzip: boolean,
  { place, use, skipBytes = 0 }: Reading,
): AsyncGenerator<readonly Line[]> {
  const plain = withoutFirst(skipBytes, decodedBytes(bytes, { gzip, charset }));
  if (shape.kind === 'parquet') throw new Error('Parquet has no lines');
  if (shape.kind === 'table') {
    for await (const rows of tableRows(plain, shape, place))
      yield use !== undefined || shape.hashIndex !== undefined
        ? rows.map((row) => lineOfRow(row, shape, use))
        : rows;
  } else if (shape.kind === 'json-array') yield* arrayItems(plain, shape, place, use);
  else if (shape.kind === 'refused') yield [refusal(shape.problem, place)];
  else {
    let row = 0;
    for await (const lines of textLines(plain, place))
      yield lines.map((raw) => {
        if (use === undefined) return readLine(raw, undefined, shape);
        if (raw.text?.trim() !== '') row += 1;
        return readLine(raw, row, shape, use);
      });
  }
}

function lineOfRow(
  { line, number, byte, texts, cells }: TableRow,
  { hashIndex, ...shape }: TableShape,
  use: ColumnUse | undefined,
): Line {
  return {
    line,
    row: use && number,
    byte,
    texts,
    hash: hashIndex === undefined ? undefined : readExpectedHash(cells[hashIndex] ?? ''),
    columns:
      use && Object.fromEntries(shape[use].map(({ index, name }) => [name, cells[index] ?? null])),
  };
}

function refusal(problem: string, { byte }: Place): Line {
  return {
    line: 1,
    row: 1,
    byte,
    texts: [{ text: '', problem: `${UNREADABLE_REST}it ${problem}` }],
  };
}

function readLine(
  { line, text, endByte: byte }: RawLine,
  row: number | undefined,
  shape: JsonShape | { readonly kind: 'text' } | { readonly kind: 'targets' },
  use?: ColumnUse,
): Line {
  if (text === undefined) return { line, row, byte, texts: [{ text: '', problem: TOO_LONG }] };
  if (shape.kind === 'text') return { line, row: row && line, byte, texts: textsOfLine(text) };
  if (text.trim() === '') return { line, row, byte, texts: [] };
  if (shape.kind === 'targets') return { line, row, byte, texts: textsOfTarget(text) };
  return { line, row, byte, ...readJson(text, shape, use) };
}

/** A line that we wrote ourselves, of a target that is asked again. */
function textsOfTarget(text: string): Line['texts'] {
  const target = parseSeedTarget(text);
  if (target === undefined) return [{ text, problem: 'not a target' }];
  const { url, ...find } = target;
  return [{ text: url, find }];
}

/** What a value of JSON holds. */
function readJson(
  text: string,
  { field, hashField, keep: kept, given }: JsonShape,
  use: ColumnUse | undefined,
): Pick<Line, 'texts' | 'hash' | 'columns'> {
  const parsed = parseJson(text.replace(/^\u{feff}/u, ''), use !== undefined);
  if (parsed === undefined) return { texts: [{ text, problem: 'not JSON' }] };
  const { value } = parsed;
  const texts = textsOfValue(value, field);
  // Items of an array are often laid out over several lines.
  const problem = `no text "${field}" in it${keysOf(value)}`;
  return {
    texts: texts.length > 0 ? texts : [{ text: text.replace(/\s+/g, ' '), problem }],
    hash:
      hashField === undefined ? undefined : readExpectedHash(cellText(valueAt(value, hashField))),
    columns: use && keptFields(value, use === 'kept' ? kept : given),
  };
}

/** Numbered as items: several may be on one line, or one on several. */
async function* arrayItems(
  bytes: AsyncIterable<Buffer>,
  shape: JsonShape,
  place: Place,
  use: ColumnUse | undefined,
): AsyncGenerator<readonly Line[]> {
  const items = new JsonItems(place.line > 0);
  let { line } = place;
  for await (const chunk of bytes) {
    const portion: Line[] = [];
    try {
      for (const { text, end } of items.take(chunk)) {
        line += 1;
        const read =
          text === undefined
            ? { texts: [{ text: '', problem: TOO_LONG }] }
            : readJson(text, shape, use);
        const row = use && line;
        portion.push({ line, row, byte: place.byte + end, ...read });
      }
    } catch (error) {
      yield portion;
      throw error;
    }
    yield portion;
  }
  items.end();
}
