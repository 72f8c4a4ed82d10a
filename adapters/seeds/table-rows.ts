import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { isUrlText, type ListText, textsOfCell } from '../../core/seed/list-text.ts';
import { BrokenListError } from './list-head.ts';
import { MAX_LINE_BYTES } from './max-line-bytes.ts';
import { swallowedRows } from './swallowed-rows.ts';
import { TABLE_OPTIONS, type TableShape } from './table-shape.ts';
import type { Place } from './text-lines.ts';

/** What one row holds, told by the line it ends on; what belongs to an earlier line says so. */
export interface TableRow extends Place {
  /** Number of the row among those that the parser gives, counted from 1, the header not counted. */
  readonly number: number;
  readonly cells: readonly string[];
  readonly texts: readonly (ListText & { readonly line?: number })[];
}

/** Rows given at once. */
const PORTION = 100;
/** Bytes after which a portion is given, however few its rows are. */
const PORTION_BYTES = 1024 * 1024;

/**
 * The rows of a table, in portions; `bytes` begin at `place`, where a row does. Empty rows are left
 * out. Rejects with a BrokenListError where a quote is never closed.
 */
export async function* tableRows(
  bytes: AsyncIterable<Buffer>,
  shape: TableShape,
  place: Place,
): AsyncGenerator<readonly TableRow[]> {
  const { delimiter, hasHeader } = shape;
  const options = { ...TABLE_OPTIONS, delimiter, info: true, bom: place.byte === 0 };
  const parser = pipeline(Readable.from(bytes), parse(options), toldByReading);
  let isHeader = hasHeader && place.line === 0;
  let last = place.line;
  let doubled = 0;
  let portion: TableRow[] = [];
  let from = 0;
  let rows = 0;
  try {
    for await (const { record, info } of parser) {
      const row: readonly string[] = record;
      doubled += countDoubled(row);
      const line = place.line + info.lines - doubled;
      last = line;
      if (isHeader) {
        isHeader = false;
        continue;
      }
      rows += 1;
      if (row.every((cell) => cell.trim() === '')) continue;
      const texts = [...swallowedRows(row, line, shape), ...textsOfRow(row, shape)];
      portion.push({ line, number: rows, byte: place.byte + info.bytes, texts, cells: row });
      if (portion.length < PORTION && info.bytes - from < PORTION_BYTES) continue;
      yield portion;
      portion = [];
      from = info.bytes;
    }
  } catch (error) {
    if (portion.length > 0) yield portion;
    throw toldError(error, last);
  }
  if (portion.length > 0) yield portion;
}

/** What the parser found wrong with the row after a line. */
function toldError(error: unknown, line: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return new BrokenListError(`a quote of the row after line ${line} is not closed`);
  if (code !== 'CSV_MAX_RECORD_SIZE') return error;
  const what = `the row after line ${line} is longer than ${MAX_LINE_BYTES} bytes`;
  return new BrokenListError(`${what}; is a quote of it not closed?`);
}

/** The parser counts a CRLF within quotes as two lines. */
function countDoubled(row: readonly string[]): number {
  return row.reduce(
    (sum, cell) => sum + (cell.includes('\r\n') ? cell.split('\r\n').length - 1 : 0),
    0,
  );
}

function textsOfRow(row: readonly string[], { index, width, column, hasHeader }: TableShape) {
  const cell = row[index] ?? '';
  const texts = textsOfCell(cell);
  if (texts.length === 0) return [{ text: cell, problem: `no "${column}" in the row` }];
  const isCut = (!hasHeader || row.length > width) && isRestOfUrl(cell, row[index + 1]);
  if (!isCut) return texts;
  const problem =
    'the next cell may belong to it: a delimiter within a URL needs quotes around the URL';
  return texts.map(({ text }) => ({ text, problem }));
}

/** A cell without a space before it that looks like the rest of the URL in the cell before. */
function isRestOfUrl(cell: string, next = ''): boolean {
  return isUrlText(cell) && !isUrlText(next) && !/\s/.test(next) && /[/?&=]|\w\.\w/.test(next);
}

/** An error anywhere in a pipeline destroys its last stream, and whoever reads that one is told. */
function toldByReading(): void {}
