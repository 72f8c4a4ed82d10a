import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { taskItem } from '../../contract/items.ts';
import { TASK_SHARDS, taskPartition } from '../../contract/table-keys.ts';
import { addCounts, NO_COUNTS, type TaskSums } from '../../core/model/progress.ts';
import { queryPartition } from './query-partition.ts';

/** What the sums need of a task: all that the schema reads, but not its body. */
const FIELDS = Object.keys(taskItem.shape);

const NO_SUMS: TaskSums = {
  counts: NO_COUNTS,
  elsewhere: 0,
  doneTasks: 0,
  registeredTasks: 0,
  registeredTargets: 0,
  updatedMs: 0,
};

/** The sums over a run's tasks. Strong reads: an end that is seen is one. */
export async function readSums(
  dynamo: DynamoDBClient,
  table: string,
  runId: string,
): Promise<TaskSums> {
  const shards = Array.from({ length: TASK_SHARDS }, (_, shard) => taskPartition(runId, shard));
  const sums = await Promise.all(shards.map((partition) => sumPartition(dynamo, table, partition)));
  return sums.reduce(addSums, NO_SUMS);
}

async function sumPartition(
  dynamo: DynamoDBClient,
  table: string,
  partition: string,
): Promise<TaskSums> {
  let sums = NO_SUMS;
  for await (const items of queryPartition({ dynamo, table }, partition, { fields: FIELDS }))
    for (const item of items) sums = addSums(sums, sumsOf(item));
  return sums;
}

function sumsOf(item: Record<string, AttributeValue>): TaskSums {
  const {
    targets,
    registered,
    done,
    elsewhere,
    updatedMs,
    sk: _,
    ...counts
  } = taskItem.parse(unmarshall(item));
  return {
    counts,
    elsewhere,
    updatedMs,
    doneTasks: done ? 1 : 0,
    registeredTasks: registered ? 1 : 0,
    registeredTargets: registered ? targets : 0,
  };
}

function addSums(a: TaskSums, b: TaskSums): TaskSums {
  return {
    counts: addCounts(a.counts, b.counts),
    elsewhere: a.elsewhere + b.elsewhere,
    doneTasks: a.doneTasks + b.doneTasks,
    registeredTasks: a.registeredTasks + b.registeredTasks,
    registeredTargets: a.registeredTargets + b.registeredTargets,
    updatedMs: Math.max(a.updatedMs, b.updatedMs),
  };
}
