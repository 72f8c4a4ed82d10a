import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { type LeftOutBody, parseLeftOut, type ResultBody } from '../../contract/items.ts';
import { markPartition, RESULT_SHARDS, resultKey } from '../../contract/table-keys.ts';
import { decodeSightings, fingerprint } from '../../core/links/fingerprint.ts';
import type { Reason, Status } from '../../core/outcome.ts';
import { NO_COUNTS } from '../../core/progress.ts';
import { readShard } from './run-archive-results.ts';

/** One URL that a run met: with its result, or left out of it. */
export type ResultLine = Partial<ResultBody> &
  Pick<ResultBody, 'url' | 'status' | 'reason'> & {
    /** Pages that name the image; absent outside of page runs. */
    readonly foundOnPages?: number;
  };

/** The run of a page crawl in its table. */
export interface PageRun {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  readonly runId: string;
}

/**
 * Every URL that a run over pages met, each once. A URL that was left out on one page may be a
 * target by another: both lie in the order of one hash, so that one pass tells which is which.
 */
export async function* readLines(
  run: PageRun,
  statuses: readonly Status[],
): AsyncGenerator<ResultLine> {
  const isWanted = (status: Status) => statuses.length === 0 || statuses.includes(status);
  const pagesOf = await countSightings(run);
  for (let shard = 0; shard < RESULT_SHARDS; shard += 1) {
    for await (const line of merged(run, shard)) {
      if (!isWanted(line.status)) continue;
      const foundOnPages = line.kind === undefined ? pagesOf.get(fingerprint(line.url)) : undefined;
      yield { ...line, foundOnPages };
    }
  }
}

/** How many URLs were left out of a run, by reason. */
export async function countLeftOut(
  run: PageRun,
): Promise<Readonly<Partial<Record<Reason, number>>>> {
  const counts: Partial<Record<Reason, number>> = { ...NO_COUNTS.reasons };
  for (let shard = 0; shard < RESULT_SHARDS; shard += 1) {
    for await (const { reason, attempts } of merged(run, shard)) {
      if (attempts === undefined && reason !== null) counts[reason] = (counts[reason] ?? 0) + 1;
    }
  }
  return counts;
}

/** On how many pages each image was found, by its fingerprint: some 50 MB for a million images. */
async function countSightings({ dynamo, table, runId }: PageRun): Promise<Map<number, number>> {
  const pages = new Map<number, number>();
  for (let shard = 0; shard < RESULT_SHARDS; shard += 1) {
    for await (const { sightings } of readShard(dynamo, table, runId, shard)) {
      if (sightings === undefined) continue;
      for (const image of decodeSightings(sightings)) pages.set(image, (pages.get(image) ?? 0) + 1);
    }
  }
  return pages;
}

/** A shard's results, and in their places what was left out and has none. */
async function* merged(
  { dynamo, table, runId }: PageRun,
  shard: number,
): AsyncGenerator<ResultLine> {
  const leftOut = leftOutOf(dynamo, table, runId, shard);
  let next = await leftOut.next();
  for await (const result of readShard(dynamo, table, runId, shard)) {
    const { sk } = resultKey(runId, result.url);
    for (; next.done !== true && next.value.sk <= sk; next = await leftOut.next()) {
      if (next.value.sk !== sk) yield next.value.line;
    }
    yield result;
  }
  for (; next.done !== true; next = await leftOut.next()) yield next.value.line;
}

async function* leftOutOf(dynamo: DynamoDBClient, table: string, runId: string, shard: number) {
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      KeyConditionExpression: '#pk = :pk',
      FilterExpression: 'attribute_exists(#leftOut)',
      ProjectionExpression: '#sk, #leftOut',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk', '#leftOut': 'leftOut' },
      ExpressionAttributeValues: { ':pk': { S: markPartition(runId, shard) } },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { sk, leftOut } of Items)
      yield { sk: sk?.S ?? '', line: lineOf(parseLeftOut(leftOut?.S ?? '')) };
  }
}

function lineOf(leftOut: LeftOutBody): ResultLine {
  return { status: 'skipped', ...leftOut };
}
