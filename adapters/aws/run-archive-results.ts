import {
  type DynamoDBClient,
  paginateQuery,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { parseResult, type ResultBody } from '../../contract/items.ts';
import { RESULT_SHARDS, resultPartition } from '../../contract/table-keys.ts';
import type { Status } from '../../core/outcome.ts';

/** Partitions asked ahead of the reader; a page is 1 MiB at most. */
const AHEAD = 4;

type Pages = AsyncIterator<QueryCommandOutput>;

interface Shard {
  readonly pages: Pages;
  /** Asked for already. */
  next: Promise<IteratorResult<QueryCommandOutput>>;
}

/** A run's results, partition by partition, so that their order is the same each time. */
export async function* readResults(
  dynamo: DynamoDBClient,
  table: string,
  runId: string,
  statuses: readonly Status[],
): AsyncGenerator<ResultBody> {
  const ahead: Shard[] = [];
  for (let shard = 0; shard < RESULT_SHARDS + AHEAD - 1; shard += 1) {
    if (shard < RESULT_SHARDS) {
      const query = queryOf(table, resultPartition(runId, shard), statuses);
      ahead.push(begin(paginateQuery({ client: dynamo }, query)));
    }
    if (shard < AHEAD - 1) continue;
    const first = ahead.shift();
    if (first !== undefined) yield* resultsOf(first);
  }
}

/** The results of one partition, in the order of its keys. */
export function readShard(
  dynamo: DynamoDBClient,
  table: string,
  runId: string,
  shard: number,
): AsyncGenerator<ResultBody> {
  const query = queryOf(table, resultPartition(runId, shard), []);
  return resultsOf(begin(paginateQuery({ client: dynamo }, query)));
}

async function* resultsOf(shard: Shard): AsyncGenerator<ResultBody> {
  for (let page = await shard.next; page.done !== true; page = await shard.next) {
    ask(shard);
    for (const { result } of page.value.Items ?? []) yield parseResult(result?.S ?? '');
  }
}

function begin(pages: Pages): Shard {
  const shard: Shard = { pages, next: pages.next() };
  shard.next.catch(() => {}); // met again by whoever awaits the page
  return shard;
}

/** The next page is on its way while the last one is read. */
function ask(shard: Shard): void {
  shard.next = shard.pages.next();
  shard.next.catch(() => {});
}

function queryOf(table: string, partition: string, statuses: readonly Status[]): QueryCommandInput {
  const wanted = statuses.map((status, at) => [`:status${at}`, { S: status }] as const);
  const names = { '#pk': 'pk', '#result': 'result' };
  const filter =
    wanted.length === 0
      ? { ExpressionAttributeNames: names }
      : {
          ExpressionAttributeNames: { ...names, '#status': 'status' },
          FilterExpression: `#status IN (${wanted.map(([name]) => name).join(', ')})`,
        };
  return {
    TableName: table,
    KeyConditionExpression: '#pk = :pk',
    ProjectionExpression: '#result',
    ...filter,
    ExpressionAttributeValues: { ':pk': { S: partition }, ...Object.fromEntries(wanted) },
    ConsistentRead: true,
  };
}
