import type { Readable } from 'node:stream';
import { parseSeedTarget } from '../../contract/seed-target.ts';
import type { SeedLine } from '../../core/ports/seed-source.ts';
import { type ListText, textsOfLine } from '../../core/seed/list-text.ts';
import { decodedBytes, type Encoding } from './decoded-bytes.ts';
import { JsonItems } from './json-items.ts';
import type { JsonShape } from './json-shape.ts';
import { keysOf, parseJson, textsOfValue } from './json-value.ts';
import { isBrokenList } from './list-head.ts';
import type { KnownList, ListShape } from './list-shape.ts';
import { MAX_LINE_BYTES } from './max-line-bytes.ts';
import { tableRows } from './table-rows.ts';
import { type Place, type RawLine, textLines } from './text-lines.ts';

/** How the entry begins that stands for what cannot be read of a list. */
export const UNREADABLE_REST = 'the rest cannot be read: ';
const TOO_LONG = `longer than ${MAX_LINE_BYTES} bytes`;

/** Whether a list can be entered in its middle: not where its bytes are packed or encoded. */
export function isSeekable({ gzip, charset }: Encoding): boolean {
  return !gzip && charset === undefined;
}

/**
 * The entries of a list, blank lines and comments left out, in portions. `bytes` begin at `place`. A
 * list that is broken inside (a cut gzip, a quote that never ends) ends there with an entry that
 * says so: what came before is crawled, and reading it again would not mend it.
 */
export async function* seedLines(
  bytes: Readable,
  { shape, charset }: KnownList,
  gzip: boolean,
  place: Place,
): AsyncGenerator<readonly SeedLine[]> {
  let last: Place = place;
  try {
    const plain = decodedBytes(bytes, { gzip, charset });
    for await (const portion of portionsOf(plain, shape, place)) {
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

/** A line with what it holds. */
interface Line extends Place {
  readonly texts: readonly (ListText & Partial<Pick<SeedLine, 'find' | 'line'>>)[];
}

function entriesOf({ line, byte: endByte, texts }: Line): readonly SeedLine[] {
  return texts.map(({ text, problem, find, line: own }, at) => ({
    line: own ?? line,
    text: problem === undefined ? text : text.slice(0, MAX_SHOWN),
    problem,
    find,
    goesOn: at + 1 < texts.length ? true : undefined,
    endByte,
  }));
}

/** Characters of a text with a problem that are kept: a person finds the line by them. */
const MAX_SHOWN = 500;

async function* portionsOf(
  bytes: AsyncIterable<Buffer>,
  shape: ListShape,
  place: Place,
): AsyncGenerator<readonly Line[]> {
  if (shape.kind === 'table') yield* tableRows(bytes, shape, place);
  else if (shape.kind === 'json-array') yield* arrayItems(bytes, shape, place);
  else if (shape.kind === 'refused') yield [refusal(shape.problem, place)];
  else
    for await (const lines of textLines(bytes, place))
      yield lines.map((raw) => readLine(raw, shape));
}

function refusal(problem: string, { byte }: Place): Line {
  return { line: 1, byte, texts: [{ text: '', problem: `${UNREADABLE_REST}it ${problem}` }] };
}

function readLine(
  { line, text, endByte: byte }: RawLine,
  shape: JsonShape | { readonly kind: 'text' } | { readonly kind: 'targets' },
): Line {
  if (text === undefined) return { line, byte, texts: [{ text: '', problem: TOO_LONG }] };
  if (shape.kind === 'text') return { line, byte, texts: textsOfLine(text) };
  if (text.trim() === '') return { line, byte, texts: [] };
  if (shape.kind === 'targets') return { line, byte, texts: textsOfTarget(text) };
  return { line, byte, texts: textsOfJson(text, shape.field) };
}

/** A line that we wrote ourselves, of a target that is asked again. */
function textsOfTarget(text: string): Line['texts'] {
  const target = parseSeedTarget(text);
  if (target === undefined) return [{ text, problem: 'not a target' }];
  const { url, ...find } = target;
  return [{ text: url, find }];
}

function textsOfJson(text: string, field: string): readonly ListText[] {
  const parsed = parseJson(text.replace(/^\u{feff}/u, ''));
  if (parsed === undefined) return [{ text, problem: 'not JSON' }];
  const texts = textsOfValue(parsed.value, field);
  if (texts.length > 0) return texts;
  // Items of an array are often laid out over several lines.
  const problem = `no text "${field}" in it${keysOf(parsed.value)}`;
  return [{ text: text.replace(/\s+/g, ' '), problem }];
}

/** Numbered as items: several may be on one line, or one on several. */
async function* arrayItems(
  bytes: AsyncIterable<Buffer>,
  { field }: JsonShape,
  place: Place,
): AsyncGenerator<readonly Line[]> {
  const items = new JsonItems(place.line > 0);
  let { line } = place;
  for await (const chunk of bytes) {
    const portion: Line[] = [];
    try {
      for (const { text, end } of items.take(chunk)) {
        line += 1;
        const texts =
          text === undefined ? [{ text: '', problem: TOO_LONG }] : textsOfJson(text, field);
        portion.push({ line, byte: place.byte + end, texts });
      }
    } catch (error) {
      yield portion;
      throw error;
    }
    yield portion;
  }
  items.end();
}
