import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { memoryItem } from '../../contract/items.ts';
import {
  frontText,
  hostKey,
  POISON_PARTITION,
  TASK_SHARDS,
  taskKey,
  taskPartition,
} from '../../contract/table-keys.ts';
import { encodeTask, parseTask } from '../../contract/task-message.ts';
import { hostOf } from '../../core/model/canonical-url.ts';
import { type LanePlace, placeOf } from '../../core/model/lane.ts';
import type { TaskProgress, TaskSums } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import type { Task } from '../../core/model/task.ts';
import type { Recollection, TaskLedger } from '../../core/ports/ledger.ts';
import { doneBy, progressKeysOf } from './done-items.ts';
import { aliases, getAllItems, type Item, type Table } from './get-items.ts';
import { ofHostItem } from './host-items.ts';
import { pack, unpack } from './packed-text.ts';
import { additionsOf, FRONT_NAMES, frontName, openName, openText } from './progress-items.ts';
import { progressUpdate } from './progress-update.ts';
import { queryPartition } from './query-partition.ts';
import { readSums } from './run-archive-sums.ts';
import { transactUpdates, updateShared } from './transact-updates.ts';

/** Of a task what the next delivery must know, of a host all, of a group the fronts of its lanes. */
const RECALLED = [
  'pk',
  'sk',
  'soloStarts',
  'faults',
  'registered',
  'done',
  'host',
  'record',
  ...FRONT_NAMES,
];

/**
 * Tasks as items of the table. Those of lanes have none of their own unless something went wrong: the
 * progress of their group tells which are done, and is changed with a condition, so that each counts
 * once. The others have one each, which is changed together with that progress.
 */
export class DynamoTaskLedger implements TaskLedger {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async register(tasks: readonly Task[]): Promise<void> {
    await Promise.all(tasks.map((task) => this.#registerOne(task)));
  }

  /**
   * A task that is made twice (its maker died before it could say so) may be half way or done, and
   * so may one that a worker was quick to take:
   *
   *     make ── send ─────────────── register ──╳     the maker dies
   *               └── worked ── done
   *     make ── send ── register: must not take back what is known
   */
  async #registerOne(task: Task): Promise<void> {
    const { runId, taskId, group, targets } = task;
    await transactUpdates(this.#table.dynamo, this.#table.clock, [
      {
        TableName: this.#table.name,
        Key: marshall(taskKey(runId, taskId)),
        UpdateExpression: 'SET #registered = :true, #body = :body',
        ConditionExpression: 'attribute_not_exists(#registered)',
        ExpressionAttributeNames: aliases(['registered', 'body']),
        ExpressionAttributeValues: marshall({ ':true': true, ':body': pack(encodeTask(task)) }),
      },
      progressUpdate(this.#table.name, {
        runId,
        group,
        add: { registeredTasks: 1, registeredTargets: targets.length },
      }),
    ]);
  }

  /** A worker whose lease ran out may still write: it must not reopen what its successor finished. */
  async record(progress: TaskProgress): Promise<void> {
    const place = placeOf(progress.taskId);
    if (place !== undefined) await this.#recordInLane(progress, place);
    // What was counted of another one is told when it is done.
    else if (progress.done) await this.#recordMade(progress);
  }

  async #recordInLane(progress: TaskProgress, place: LanePlace): Promise<void> {
    const { done, runId, updatedMs } = progress;
    const { group, lane } = place;
    const [front, open] = [frontName(lane), openName(lane)];
    const text = frontText(place);
    const time = { updatedMs: { N: String(updatedMs) } };
    const change = done
      ? { set: { ...time, [front]: { S: text } }, remove: [open], add: additionsOf(progress) }
      : { set: { ...time, [open]: { S: openText(progress) } } };
    const forwards = { name: front, text };
    const update = progressUpdate(this.#table.name, { runId, group, ...change, forwards });
    await updateShared(this.#table.dynamo, this.#table.clock, update);
  }

  async #recordMade(progress: TaskProgress): Promise<void> {
    const { runId, taskId, group, updatedMs } = progress;
    await transactUpdates(this.#table.dynamo, this.#table.clock, [
      {
        TableName: this.#table.name,
        Key: marshall(taskKey(runId, taskId)),
        UpdateExpression: 'SET #done = :true',
        ConditionExpression: 'attribute_not_exists(#done)',
        ExpressionAttributeNames: aliases(['done']),
        ExpressionAttributeValues: marshall({ ':true': true }),
      },
      progressUpdate(this.#table.name, {
        runId,
        group,
        add: additionsOf(progress),
        set: { updatedMs: { N: String(updatedMs) } },
      }),
    ]);
  }

  async recordFault(task: Task, faults: number): Promise<void> {
    await this.#table.dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
        Key: marshall(taskKey(task.runId, task.taskId)),
        UpdateExpression: 'SET #faults = :faults, #soloStarts = :none',
        ExpressionAttributeNames: aliases(['faults', 'soloStarts']),
        ExpressionAttributeValues: marshall({ ':faults': faults, ':none': 0 }),
      }),
    );
  }

  async countSoloStart(task: Task): Promise<number> {
    const answer = await this.#table.dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
        Key: marshall(taskKey(task.runId, task.taskId)),
        UpdateExpression: 'ADD soloStarts :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(answer.Attributes?.['soloStarts']?.N ?? 0);
  }

  async recall(tasks: readonly Task[]): Promise<Recollection> {
    const own = tasks.map(({ runId, taskId }) => taskKey(runId, taskId));
    const targets = tasks.flatMap((task) => task.targets);
    const asked = targets.filter(({ decided }) => decided === undefined);
    const hosts = [...new Set(asked.map(({ url }) => hostOf(url)))];
    const groups = progressKeysOf(tasks);
    const items = await getAllItems(
      this.#table,
      [...own, ...groups, ...hosts.map(hostKey)],
      RECALLED,
    );
    const byKey = new Map(items.map((item) => [`${item['pk']?.S} ${item['sk']?.S}`, item]));
    const isDone = doneBy(byKey);
    return {
      memories: own.map(({ pk, sk }, at) => {
        const memory = memoryItem.parse(unmarshall(byKey.get(`${pk} ${sk}`) ?? {}));
        const task = tasks[at];
        return { ...memory, done: task !== undefined && isDone(task) };
      }),
      hosts: new Map(items.map(ofHostItem).filter((entry) => entry !== undefined)),
    };
  }

  async doneAmong(runId: string, taskIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (taskIds.length === 0) return new Set();
    const tasks = taskIds.map((taskId) => ({ runId, taskId }));
    const made = tasks.filter(({ taskId }) => placeOf(taskId) === undefined);
    const keys = [...made.map((task) => taskKey(runId, task.taskId)), ...progressKeysOf(tasks)];
    const items = await getAllItems(this.#table, keys, ['pk', 'sk', 'done', ...FRONT_NAMES]);
    const byKey = new Map(items.map((item) => [`${item['pk']?.S} ${item['sk']?.S}`, item]));
    const isDone = doneBy(byKey);
    return new Set(tasks.filter(isDone).map(({ taskId }) => taskId));
  }

  sums(run: Pick<Run, 'runId' | 'grouping'>): Promise<TaskSums> {
    return readSums(this.#table, run);
  }

  async *openRegistered(runId: string): AsyncGenerator<Task> {
    for (let shard = 0; shard < TASK_SHARDS; shard += 1) {
      // Strong reads: what was registered just before the power failed has to be sent again.
      const pages = queryPartition(this.#table, taskPartition(runId, shard), {
        fields: ['body', 'registered', 'done'],
        FilterExpression: 'attribute_exists(#registered) AND attribute_not_exists(#done)',
      });
      for await (const items of pages) yield* items.flatMap(bodyOf);
    }
  }

  async keepPoison(messageId: string, body: string): Promise<void> {
    const keptAt = new Date(this.#table.clock.now()).toISOString();
    const item = { pk: POISON_PARTITION, sk: messageId, body, keptAt };
    await this.#table.dynamo.send(
      new PutItemCommand({ TableName: this.#table.name, Item: marshall(item) }),
    );
  }
}

function bodyOf(item: Item): Task[] {
  const packed = item['body']?.B;
  const parsed = parseTask(packed === undefined ? '' : unpack(packed));
  return parsed.kind === 'task' ? [parsed.task] : [];
}
