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
  /** For temporary files; that of the system when absent. */
  readonly folder?: string;
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
  // As texts: objects that live so long are what garbage collection takes most of its time for.
  const held = new Map<string, string>();
  const iterator = lines[Symbol.asyncIterator]();
  const maxHeld = ports.maxHeld ?? MAX_HELD;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    held.set(next.value.url, JSON.stringify(next.value));
    if (held.size > maxHeld) {
      yield* joinParted(held, iterator, rows, ports);
      return;
    }
  }
  yield* joinHeld(held, withFacts(rows), ports);
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
): AsyncGenerator<readonly Row[]> {
  for (const list of lists) {
    const name = lists.length > 1 ? list.name : undefined;
    for await (const entries of source.rows(list, use)) {
      yield entries.flatMap((entry): Row | [] => {
        if (entry.problem?.startsWith(UNREADABLE_REST))
          throw new Error(`${list.name}: ${entry.problem}`);
        const parsed = readSeedLine(entry);
        if (parsed.kind === 'bad') return [];
        return { url: parsed.url, list: name, row: entry.row, columns: entry.columns };
      });
    }
  }
}

/** A row whose facts are read where a line has its URL. */
interface FoundRow {
  readonly url: string;
  readonly facts: () => RowFacts;
}

async function* withFacts(
  rows: AsyncIterable<readonly Row[]>,
): AsyncGenerator<readonly FoundRow[]> {
  for await (const portion of rows)
    yield portion.map(({ url, ...facts }) => ({ url, facts: () => facts }));
}

async function* joinHeld<Line extends Joinable>(
  held: ReadonlyMap<string, string>,
  rows: AsyncIterable<readonly FoundRow[]>,
  { parse, once = false }: JoinPorts<Line>,
): AsyncGenerator<Line & RowFacts> {
  const met = new Set<string>();
  for await (const portion of rows) {
    for (const { url, facts } of portion) {
      const line = held.get(url);
      if (line === undefined || (once && met.has(url))) continue;
      met.add(url);
      yield { ...parse(line), ...facts() };
    }
  }
  for (const [url, line] of held) if (!met.has(url)) yield parse(line);
}

/** Lines and rows are parted by their URLs, and joined part by part. */
async function* joinParted<Line extends Joinable>(
  held: Map<string, string>,
  more: AsyncIterator<Line>,
  rows: AsyncIterable<readonly Row[]>,
  ports: JoinPorts<Line>,
): AsyncGenerator<Line & RowFacts> {
  const { expected = 0, folder } = ports;
  const count = Math.min(PARTS.most, Math.max(PARTS.least, Math.ceil(expected / PARTS.lines)));
  const lineParts = await Partitions.create(count, folder);
  const rowParts = await Partitions.create(count, folder);
  try {
    for (const [url, line] of held) await lineParts.add(url, keyed(url, line));
    held.clear();
    for (let next = await more.next(); next.done !== true; next = await more.next())
      await lineParts.add(next.value.url, keyed(next.value.url, JSON.stringify(next.value)));
    for await (const portion of rows)
      for (const { url, ...facts } of portion) {
        const written = rowParts.add(url, keyed(url, exactJson(facts)));
        if (written !== undefined) await written;
      }
    for (let part = 0; part < count; part += 1) {
      const lines = new Map<string, string>();
      for await (const texts of lineParts.read(part))
        for (const text of texts) lines.set(keyOf(text), jsonOf(text));
      yield* joinHeld(lines, foundIn(rowParts.read(part)), ports);
    }
  } finally {
    await lineParts.remove();
    await rowParts.remove();
  }
}

async function* foundIn(
  portions: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly FoundRow[]> {
  for await (const texts of portions)
    yield texts.map((text) => ({ url: keyOf(text), facts: () => factsIn(jsonOf(text)) }));
}

/** Between the key of a text and the text: a canonical URL has none, nor has JSON. */
const MARK = '\t';

function keyed(url: string, json: string): string {
  return `${url}${MARK}${json}`;
}

function keyOf(text: string): string {
  return text.slice(0, text.indexOf(MARK));
}

function jsonOf(text: string): string {
  return text.slice(text.indexOf(MARK) + 1);
}

function factsIn(json: string): RowFacts {
  const facts = parseExactJson(json);
  return isFacts(facts) ? facts : {};
}

/** Rows are only read as they were written. */
function isFacts(value: unknown): value is RowFacts {
  return typeof value === 'object' && value !== null;
}
