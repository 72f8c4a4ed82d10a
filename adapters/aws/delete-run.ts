import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { MAX_WRITES } from '../../contract/limits.ts';
import { runKey, runPartitions } from '../../contract/table-keys.ts';
import { groupNames } from '../../core/model/host-group.ts';
import { portionsOf } from '../../core/model/portions.ts';
import type { Run } from '../../core/model/run.ts';
import { untilTaken } from './batch-retry.ts';
import type { Table } from './get-items.ts';
import { queryPartition } from './query-partition.ts';

/**
 * Deletes all items of a run. Its record goes last: one that was interrupted is found again, and
 * deleted by the same command.
 */
export async function deleteRun(
  table: Table,
  { runId, grouping }: Pick<Run, 'runId' | 'grouping'>,
): Promise<void> {
  const groups = grouping === undefined ? [] : groupNames(grouping);
  for (const partition of runPartitions(runId, groups)) {
    for await (const keys of queryPartition(table, partition, {
      fields: ['pk', 'sk'],
    })) {
      const requests = keys.map((Key): WriteRequest => ({ DeleteRequest: { Key } }));
      for (const batch of portionsOf(requests, MAX_WRITES))
        await untilTaken(batch, table.clock, (rest) => write(table, rest));
    }
  }
  const { dynamo, name } = table;
  await dynamo.send(new DeleteItemCommand({ TableName: name, Key: marshall(runKey(runId)) }));
}

async function write(
  { dynamo, name }: Table,
  requests: readonly WriteRequest[],
): Promise<readonly WriteRequest[]> {
  const RequestItems = { [name]: [...requests] };
  const { UnprocessedItems = {} } = await dynamo.send(new BatchWriteItemCommand({ RequestItems }));
  return UnprocessedItems[name] ?? [];
}
