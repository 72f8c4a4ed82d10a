import { type LeftOutBody, parseLeftOut, type ResultBody } from '../../contract/items.ts';
import { markPartition } from '../../contract/table-keys.ts';
import { decodeSightings, fingerprint } from '../../core/links/fingerprint.ts';
import type { Reason, Status } from '../../core/model/outcome.ts';
import { NO_COUNTS } from '../../core/model/progress.ts';
import type { ResultFields } from '../../core/model/result.ts';
import { KeyCounts } from '../files/key-counts.ts';
import type { EndedLine } from '../finish/ended-run.ts';
import { queryPartition } from './query-partition.ts';
import { type GroupReader, type RunPlace, readGroups } from './run-archive-results.ts';

/** One URL that a run met: with its result, or left out of it. */
export type ResultLine = Partial<ResultBody> &
  Pick<ResultBody, 'url' | 'status' | 'reason'> &
  Pick<ResultFields, 'foundOnPages' | 'list' | 'row' | 'columns'>;

/** The run of a page crawl in its table. */
export interface PageRun extends RunPlace {
  /** All host groups. */
  readonly groups: readonly string[];
}

/** Every URL that a run over pages met, each once. */
export async function* readLines(
  run: PageRun,
  statuses: readonly Status[],
): AsyncGenerator<ResultLine> {
  const isWanted = (status: Status) => statuses.length === 0 || statuses.includes(status);
  using counts = new KeyCounts();
  const pagesOf = await countSightings(run, counts);
  for await (const group of readGroups(run, run.groups)) {
    for await (const line of merged(run, group)) {
      if (!isWanted(line.status)) continue;
      const foundOnPages = line.kind === undefined ? pagesOf(fingerprint(line.url)) : undefined;
      yield { ...line, foundOnPages };
    }
  }
}

/** Every URL of one group that a run met, each once; what was left out only where it crawled pages. */
export async function* readGroupLines(
  run: RunPlace,
  group: string,
  isOfPages: boolean,
): AsyncGenerator<EndedLine> {
  const { runId } = run;
  for await (const reader of readGroups(run, [group])) {
    for await (const result of reader.results())
      yield { kind: 'settled', result: { ...result, runId } };
    if (!isOfPages) continue;
    for await (const line of leftOutOf(run, group))
      if (!reader.hasMet(line.url)) yield { kind: 'left-out', line };
  }
}

/** How many URLs were left out of a run, by reason. */
export async function countLeftOut(
  run: PageRun,
): Promise<Readonly<Partial<Record<Reason, number>>>> {
  const counts: Partial<Record<Reason, number>> = { ...NO_COUNTS.reasons };
  for await (const group of readGroups(run, run.groups)) {
    for await (const { reason, attempts } of merged(run, group)) {
      if (attempts === undefined && reason !== null) counts[reason] = (counts[reason] ?? 0) + 1;
    }
  }
  return counts;
}

/** The mark of one URL, where it was left out and has no result. */
export async function findLeftOut(
  run: RunPlace,
  group: string,
  url: string,
): Promise<ResultLine | undefined> {
  for await (const line of leftOutOf(run, group)) if (line.url === url) return line;
  return undefined;
}

/** On how many pages each image was found, by its fingerprint, in flat memory. */
async function countSightings(
  run: PageRun,
  counts: KeyCounts,
): Promise<(image: number) => number | undefined> {
  for await (const group of readGroups(run, run.groups)) {
    for await (const { sightings } of group.results()) {
      if (sightings === undefined) continue;
      for (const image of decodeSightings(sightings)) counts.add(image);
    }
  }
  return counts.finish();
}

/** A group's results, and then what was left out and has none: it may be a target by another page. */
async function* merged(run: RunPlace, group: GroupReader): AsyncGenerator<ResultLine> {
  yield* group.results();
  for await (const line of leftOutOf(run, group.group)) if (!group.hasMet(line.url)) yield line;
}

async function* leftOutOf(run: RunPlace, group: string) {
  const query = { fields: ['leftOut'], FilterExpression: 'attribute_exists(#leftOut)' };
  for await (const items of queryPartition(run, markPartition(run.runId, group), query)) {
    for (const { leftOut } of items) yield lineOf(parseLeftOut(leftOut?.S ?? ''));
  }
}

function lineOf(leftOut: LeftOutBody): ResultLine {
  return { status: 'skipped', ...leftOut };
}
