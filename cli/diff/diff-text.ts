import { countOf, formatCount } from '../options/quantities.ts';
import { csvLineOf } from '../output/result-line.ts';
import { CHANGES, type Change, type DiffLine } from './run-diff.ts';

/** Lines of each kind that are shown to a person. */
const MAX_SHOWN = 20;

/** The columns of the CSV, and the fields of JSON lines, in their order. */
const FIELDS = [
  'change',
  'url',
  'from',
  'reason',
  'httpStatus',
  'lastSeen',
  'since',
  'sha256',
  'file',
  'oldSha256',
  'oldFile',
  'foundOn',
] as const satisfies readonly (keyof DiffLine)[];

/** A difference as JSON lines. */
export async function* diffJson(lines: AsyncIterable<DiffLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line, [...FIELDS])}\n`;
}

/** The same as CSV. */
export async function* diffCsv(lines: AsyncIterable<DiffLine>): AsyncGenerator<string> {
  yield `${FIELDS.join(',')}\n`;
  for await (const line of lines) yield csvLineOf(FIELDS.map((name) => line[name]));
}

/** The same for a person: how many of each kind, and the first of them. */
export async function* diffText(lines: AsyncIterable<DiffLine>): AsyncGenerator<string> {
  const counts = new Map<Change, number>();
  const shown = new Map<Change, string[]>();
  for await (const line of lines) {
    const count = (counts.get(line.change) ?? 0) + 1;
    counts.set(line.change, count);
    if (line.change === 'unchanged' || count > MAX_SHOWN) continue;
    const some = shown.get(line.change) ?? [];
    shown.set(line.change, some);
    some.push(textOf(line));
  }
  const width = formatCount(Math.max(0, ...counts.values())).length;
  for (const change of CHANGES)
    yield `  ${change.padEnd(9)}  ${formatCount(counts.get(change) ?? 0).padStart(width)}\n`;
  for (const [change, texts] of shown) {
    yield `\n${change}\n`;
    for (const text of texts) yield `  ${text}\n`;
    const rest = (counts.get(change) ?? 0) - texts.length;
    if (rest > 0) yield `  … and ${countOf(rest, 'more', 'more')}\n`;
  }
}

function textOf({ change, url, from, reason, httpStatus, since, foundOn }: DiffLine): string {
  const status = httpStatus === undefined ? '' : ` (HTTP ${httpStatus})`;
  const page = foundOn === undefined ? '' : `, on ${foundOn}`;
  if (change === 'gone') return `${url}  ${reason}${status} since ${since}${page}`;
  return change === 'moved' ? `${url}  from ${from}${page}` : `${url}${page}`;
}
