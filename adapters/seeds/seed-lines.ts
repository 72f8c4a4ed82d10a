import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { parseSeedTarget } from '../../contract/seed-target.ts';
import type { SeedLine } from '../../core/ports/seed-source.ts';
import type { SeedList } from '../../core/run.ts';

/** Longest line that is read, in bytes. */
const MAX_LINE_BYTES = 64 * 1024;
/** How the last line of a list begins that is broken inside. */
export const UNREADABLE_REST = 'the rest cannot be read: ';
/** Lines given at once. */
const PORTION = 1000;

/** Where in a list the bytes begin. */
export interface Place {
  readonly line: number;
  readonly byte: number;
}

/** Whether a list can be entered in its middle: a CSV needs its header, a gzip its beginning. */
export function isSeekable(list: SeedList): boolean {
  return !list.gzip && list.format !== 'csv';
}

/**
 * The lines of a list, blank ones left out, in portions. `bytes` begin at `place`. A list that is
 * broken inside (a cut gzip, a quote that never ends) ends there with a bad line that says so: what
 * came before is crawled, and reading it again would not mend it.
 */
export async function* seedLines(
  bytes: Readable,
  list: SeedList,
  place: Place,
): AsyncGenerator<readonly SeedLine[]> {
  let last: Pick<SeedLine, 'line' | 'endByte'> = { line: place.line, endByte: place.byte };
  try {
    for await (const portion of soundLines(bytes, list, place)) {
      last = portion.at(-1) ?? last;
      yield portion;
    }
  } catch (error) {
    if (!isBrokenList(error)) throw error;
    const { line, endByte } = last;
    yield [{ line: line + 1, problem: `${UNREADABLE_REST}${error.message}`, endByte }];
  }
}

/** Codes of zlib and of the CSV parser: the fault is the text's, not the reader's. */
function isBrokenList(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(Z_|CSV_)/.test(code);
}

async function* soundLines(
  bytes: Readable,
  list: SeedList,
  place: Place,
): AsyncGenerator<readonly SeedLine[]> {
  const plain = list.gzip ? pipeline(bytes, createGunzip(), toldByReading) : bytes;
  const lines = list.format === 'csv' ? csvLines(plain, list) : textLines(plain, place);
  for await (const portion of lines) {
    yield portion.map((line) => LINES[list.format](line, list));
  }
}

/** What a line of each format says. */
const LINES: Readonly<Record<SeedList['format'], (line: SeedLine, list: SeedList) => SeedLine>> = {
  text: (line) => line,
  csv: (line) => line,
  jsonl: (line, { field }) => fieldOf(line, field),
  targets: targetOf,
};

/** An error anywhere in a pipeline destroys its last stream, and whoever reads that one is told. */
function toldByReading(): void {}

async function* textLines(bytes: AsyncIterable<Buffer>, place: Place): AsyncGenerator<SeedLine[]> {
  let { line, byte } = place;
  let rest: Buffer = Buffer.alloc(0);
  let skipping = false;
  for await (const chunk of bytes) {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const portion: SeedLine[] = [];
    let start = 0;
    for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10, start)) {
      line += 1;
      byte += end + 1 - start;
      push(portion, skipping ? tooLong(line, byte) : toLine(data.subarray(start, end), line, byte));
      skipping = false;
      start = end + 1;
    }
    rest = data.subarray(start);
    if (rest.length > MAX_LINE_BYTES) {
      byte += rest.length;
      rest = Buffer.alloc(0);
      skipping = true;
    }
    if (portion.length > 0) yield portion;
  }
  if (rest.length === 0 && !skipping) return;
  const end = byte + rest.length;
  const last: SeedLine[] = [];
  push(last, skipping ? tooLong(line + 1, end) : toLine(rest, line + 1, end));
  yield last;
}

function push(portion: SeedLine[], line: SeedLine): void {
  if (line.text !== '') portion.push(line);
}

function toLine(bytes: Buffer, line: number, endByte: number): SeedLine {
  if (bytes.length > MAX_LINE_BYTES) return tooLong(line, endByte);
  const text = bytes.toString('utf8');
  return { line, text: (line === 1 ? text.replace(/^\u{feff}/u, '') : text).trim(), endByte };
}

function tooLong(line: number, endByte: number): SeedLine {
  return { line, problem: `longer than ${MAX_LINE_BYTES} bytes`, endByte };
}

function fieldOf({ line, text, problem, endByte }: SeedLine, field = 'url'): SeedLine {
  if (text === undefined) return { line, problem, endByte };
  const value = readField(text, field);
  if (value === undefined)
    return { line, problem: `no JSON object with a text "${field}"`, endByte };
  return { line, text: value, endByte };
}

/** A line that we wrote ourselves, of a target that is asked again. */
function targetOf({ line, text, problem, endByte }: SeedLine): SeedLine {
  if (text === undefined) return { line, problem, endByte };
  const target = parseSeedTarget(text);
  if (target === undefined) return { line, problem: 'no target', endByte };
  const { url, ...find } = target;
  return { line, text: url, find, endByte };
}

function readField(text: string, field: string): string | undefined {
  try {
    const json: unknown = JSON.parse(text);
    const value = ownField(json, field) ?? field.split('.').reduce(ownField, json);
    return typeof value === 'string' ? value.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** A field of the value's own, not of what all objects have. */
function ownField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map(Object.entries(value)).get(name);
}

/** Rows counted by the line they end on; entered from the top, since the header names the columns. */
async function* csvLines(bytes: Readable, { field = 'url' }: SeedList): AsyncGenerator<SeedLine[]> {
  const parser = pipeline(
    bytes,
    parse({
      bom: true,
      columns: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_LINE_BYTES,
    }),
    toldByReading,
  );
  let portion: SeedLine[] = [];
  try {
    for await (const { record, info } of parser) {
      portion.push(toCell(record[field], field, info.lines));
      if (portion.length < PORTION) continue;
      yield portion;
      portion = [];
    }
  } catch (error) {
    if (portion.length > 0) yield portion;
    throw error;
  }
  if (portion.length > 0) yield portion;
}

function toCell(value: unknown, field: string, line: number): SeedLine {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? { line, problem: `no "${field}"`, endByte: 0 } : { line, text, endByte: 0 };
}
