import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { runKey, runPartitions } from '../../contract/table-keys.ts';
import { groupNames } from '../../core/hosts/host-group.ts';
import { portionsOf } from '../../core/portions.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Run } from '../../core/run.ts';
import { untilTaken } from './batch-retry.ts';

/** Requests that one BatchWriteItem takes. */
const BATCH = 25;

/**
 * Deletes all items of a run. Its record goes last: one that was interrupted is found again, and
 * deleted by the same command.
 */
export async function deleteRun(
  dynamo: DynamoDBClient,
  table: string,
  clock: Clock,
  { runId, grouping }: Pick<Run, 'runId' | 'grouping'>,
): Promise<void> {
  const groups = grouping === undefined ? [] : groupNames(grouping);
  for (const partition of runPartitions(runId, groups)) {
    for await (const keys of keysOf(dynamo, table, partition)) {
      for (const batch of portionsOf(keys, BATCH))
        await untilTaken(batch, clock, (rest) => write(dynamo, table, rest));
    }
  }
  await dynamo.send(new DeleteItemCommand({ TableName: table, Key: marshall(runKey(runId)) }));
}

async function* keysOf(
  dynamo: DynamoDBClient,
  table: string,
  partition: string,
): AsyncGenerator<readonly WriteRequest[]> {
  const pages = paginateQuery(
    { client: dynamo },
    {
      TableName: table,
      KeyConditionExpression: '#pk = :pk',
      ProjectionExpression: '#pk, #sk',
      ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
      ExpressionAttributeValues: { ':pk': { S: partition } },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) yield Items.map((Key) => ({ DeleteRequest: { Key } }));
}

async function write(
  dynamo: DynamoDBClient,
  table: string,
  requests: readonly WriteRequest[],
): Promise<readonly WriteRequest[]> {
  const RequestItems = { [table]: [...requests] };
  const { UnprocessedItems = {} } = await dynamo.send(new BatchWriteItemCommand({ RequestItems }));
  return UnprocessedItems[table] ?? [];
}
