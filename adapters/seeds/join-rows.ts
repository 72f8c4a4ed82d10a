import type { ListColumns } from '../../core/model/column-value.ts';
import { exactJson, parseExactJson } from '../../core/model/exact-json.ts';
import type { SeedList } from '../../core/model/run.ts';
import type { ColumnUse, RowSource } from '../../core/ports/seed-source.ts';
import { readSeedLine } from '../../core/seed/read-seed-line.ts';
import { Partitions } from '../files/partitions.ts';
import { UNREADABLE_REST } from './seed-lines.ts';

/** What a line of results tells of a row. */
export interface RowFacts {
  /** Name of the list where there are several. */
  readonly list?: string;
  readonly row?: number;
  readonly columns?: ListColumns;
}

/** A line of results, as far as it is joined. */
interface Joinable {
  readonly url: string;
}

/** How lines are joined. */
export interface JoinPorts<Line> {
  readonly source: RowSource;
  /** Reads what JSON.stringify made of a line. */
  readonly parse: (json: string) => Line;
  /** Lines that are held in memory; more of them go to temporary files on their way. */
  readonly maxHeld?: number;
  /** About how many lines there are. */
  readonly expected?: number;
  /** Which columns are joined, `kept` when absent. */
  readonly use?: ColumnUse;
  /** Each line comes once, with the first of its rows. */
  readonly once?: boolean;
}

const MAX_HELD = 50_000;
/** So that each of the files has some 25,000 lines, of ten million. */
const PARTS = { least: 64, most: 4096, lines: 25_000 } as const;

/**
 * Each line once for each row of the lists with its URL; a line without any as it is. Up to `maxHeld` lines come in
 * the order of the rows, more of them in none. The lists are read once, whatever happened while they were crawled:
 * rows and results are joined by their URLs alone. Memory is bounded, time is linear.
 */
export async function* joinRows<Line extends Joinable>(
  lines: AsyncIterable<Line>,
  lists: readonly SeedList[],
  ports: JoinPorts<Line>,
): AsyncGenerator<Line & RowFacts> {
  const { use = 'kept' } = ports;
  const wanted = lists.filter((list) => hasColumns(list, use));
  if (wanted.length === 0) {
    yield* lines;
    return;
  }
  const rows = rowsOf(wanted, ports.source, use);
  const held = new Map<string, Line>();
  const iterator = lines[Symbol.asyncIterator]();
  const maxHeld = ports.maxHeld ?? MAX_HELD;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    held.set(next.value.url, next.value);
    if (held.size > maxHeld) {
      yield* joinParted(held, iterator, rows, ports);
      return;
    }
  }
  yield* joinHeld(held, rows, ports.once);
}

/** Whether columns of a list are wanted: of lists of later rounds nothing is. */
export function hasColumns({ keep, hookColumns, round }: SeedList, use: ColumnUse): boolean {
  return round === 0 && (use === 'kept' ? keep : hookColumns) !== undefined;
}

/** A row with its URL. */
interface Row extends RowFacts {
  readonly url: string;
}

async function* rowsOf(
  lists: readonly SeedList[],
  source: RowSource,
  use: ColumnUse,
): AsyncGenerator<Row> {
  for (const list of lists) {
    const name = lists.length > 1 ? list.name : undefined;
    for await (const entries of source.rows(list, use)) {
      for (const entry of entries) {
        if (entry.problem?.startsWith(UNREADABLE_REST))
          throw new Error(`${list.name}: ${entry.problem}`);
        const parsed = readSeedLine(entry);
        if (parsed.kind === 'bad') continue;
        yield { url: parsed.url, list: name, row: entry.row, columns: entry.columns };
      }
    }
  }
}

async function* joinHeld<Line extends Joinable>(
  held: ReadonlyMap<string, Line>,
  rows: AsyncIterable<Row>,
  once = false,
): AsyncGenerator<Line & RowFacts> {
  const met = new Set<string>();
  for await (const { url, list, row, columns } of rows) {
    const line = held.get(url);
    if (line === undefined || (once && met.has(url))) continue;
    met.add(url);
    yield { ...line, list, row, columns };
  }
  for (const [url, line] of held) if (!met.has(url)) yield line;
}

/** Lines and rows are parted by their URLs, and joined part by part. */
async function* joinParted<Line extends Joinable>(
  held: Map<string, Line>,
  more: AsyncIterator<Line>,
  rows: AsyncIterable<Row>,
  { parse, expected = 0, once }: JoinPorts<Line>,
): AsyncGenerator<Line & RowFacts> {
  const count = Math.min(PARTS.most, Math.max(PARTS.least, Math.ceil(expected / PARTS.lines)));
  const [lineParts, rowParts] = [await Partitions.create(count), await Partitions.create(count)];
  try {
    for (const line of held.values()) await lineParts.add(line.url, JSON.stringify(line));
    held.clear();
    for (let next = await more.next(); next.done !== true; next = await more.next())
      await lineParts.add(next.value.url, JSON.stringify(next.value));
    for await (const row of rows) await rowParts.add(row.url, exactJson(row));
    for (let part = 0; part < count; part += 1) {
      const lines = new Map<string, Line>();
      for await (const text of lineParts.read(part)) {
        const line = parse(text);
        lines.set(line.url, line);
      }
      yield* joinHeld(lines, readRows(rowParts.read(part)), once);
    }
  } finally {
    await lineParts.remove();
    await rowParts.remove();
  }
}

async function* readRows(texts: AsyncIterable<string>): AsyncGenerator<Row> {
  for await (const text of texts) {
    const row = parseExactJson(text);
    if (isRow(row)) yield row;
  }
}

/** Rows are only read as they were written. */
function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'url' in value;
}
