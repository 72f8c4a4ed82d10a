import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { MAX_READS } from '../../contract/limits.ts';
import {
  backlogKey,
  backlogPartition,
  behind,
  frontText,
  progressKey,
} from '../../contract/table-keys.ts';
import { encodeTask, parseTask } from '../../contract/task-message.ts';
import { LANES, placeOf } from '../../core/model/lane.ts';
import type { Task } from '../../core/model/task.ts';
import type { Backlog } from '../../core/ports/ledger.ts';
import { getItems, type Item, type Table } from './get-items.ts';
import { packLines, unpackLines } from './packed-text.ts';
import { FRONT_NAMES, frontName } from './progress-items.ts';
import { putAllItems } from './put-items.ts';

/** The backlog as items of the table: for each group of a run a partition, in the order of its lanes. */
export class DynamoBacklog implements Backlog {
  readonly maxGroups = MAX_READS;
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async add(tasks: readonly Task[]): Promise<void> {
    await putAllItems(this.#table, tasks.map(toItem));
  }

  async after({ runId, taskId }: Pick<Task, 'runId' | 'taskId'>): Promise<Task | undefined> {
    const place = placeOf(taskId);
    if (place === undefined) return undefined;
    return this.#first(runId, place.group, place.lane, frontText(place));
  }

  async waiting(runId: string, groups: readonly string[]): Promise<readonly Task[]> {
    const keys = groups.map((group) => progressKey(runId, group));
    const items = await getItems(this.#table, keys, ['pk', ...FRONT_NAMES]);
    const byPartition = new Map(items.map((item) => [item['pk']?.S, item]));
    const asked = groups.flatMap((group) => {
      const progress = byPartition.get(progressKey(runId, group).pk);
      return Array.from({ length: LANES }, (_, lane) => {
        return this.#first(runId, group, lane, progress?.[frontName(lane)]?.S);
      });
    });
    return (await Promise.all(asked)).filter((task) => task !== undefined);
  }

  /** The first task of a lane behind a place. */
  async #first(
    runId: string,
    group: string,
    lane: number,
    front?: string,
  ): Promise<Task | undefined> {
    const { from, to } = behind(lane, front);
    const { Items = [] } = await this.#table.dynamo.send(
      new QueryCommand({
        TableName: this.#table.name,
        KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
        ExpressionAttributeValues: {
          ':pk': { S: backlogPartition(runId, group) },
          ':from': { S: from },
          ':to': { S: to },
        },
        ConsistentRead: true,
        Limit: 1,
        // What a query costs only its answer tells.
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    const [item] = Items;
    return item && taskOf(item);
  }
}

function toItem(task: Task): Item {
  const place = placeOf(task.taskId);
  if (place === undefined) throw new Error(`task ${task.taskId} stands in no lane`);
  const { pk, sk } = backlogKey(task.runId, place);
  return { pk: { S: pk }, sk: { S: sk }, body: { B: packLines([encodeTask(task)]) } };
}

/** Throws where it is damaged: what stands behind it must not be taken for the next one. */
function taskOf(item: Item): Task {
  const [body = ''] = unpackLines(item['body']?.B ?? new Uint8Array());
  const parsed = parseTask(body);
  if (parsed.kind === 'task') return parsed.task;
  throw new Error(`a task of the backlog cannot be read: ${parsed.problem}`);
}
