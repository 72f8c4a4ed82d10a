import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { runKey, runPartitions } from '../../contract/table-keys.ts';
import { groupNames } from '../../core/model/host-group.ts';
import { portionsOf } from '../../core/model/portions.ts';
import type { Run } from '../../core/model/run.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { untilTaken } from './batch-retry.ts';
import { queryPartition } from './query-partition.ts';

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
    for await (const keys of queryPartition({ dynamo, table }, partition, {
      fields: ['pk', 'sk'],
    })) {
      const requests = keys.map((Key): WriteRequest => ({ DeleteRequest: { Key } }));
      for (const batch of portionsOf(requests, BATCH))
        await untilTaken(batch, clock, (rest) => write(dynamo, table, rest));
    }
  }
  await dynamo.send(new DeleteItemCommand({ TableName: table, Key: marshall(runKey(runId)) }));
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
