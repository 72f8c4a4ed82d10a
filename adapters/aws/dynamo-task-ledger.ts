import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { memoryItem } from '../../contract/items.ts';
import {
  hostKey,
  type ItemKey,
  POISON_PARTITION,
  TASK_SHARDS,
  taskKey,
  taskPartition,
} from '../../contract/table-keys.ts';
import { encodeTask, parseTask } from '../../contract/task-message.ts';
import { hostOf } from '../../core/model/canonical-url.ts';
import { portionsOf } from '../../core/model/portions.ts';
import type { TaskProgress } from '../../core/model/progress.ts';
import type { Task } from '../../core/model/task.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Recollection, TaskLedger } from '../../core/ports/ledger.ts';
import { aliases, getItems, type Item, type Table } from './get-items.ts';
import { ofHostItem } from './host-items.ts';
import { pack, unpack } from './packed-text.ts';

/** Of a task what the next delivery must know, of a host all. */
const RECALLED = ['pk', 'sk', 'soloStarts', 'faults', 'registered', 'done', 'host', 'record'];
/** Most keys of a BatchGetItem. */
const MAX_READS = 100;

/** Tasks as items of the table: one each, changed by absolute values only. */
export class DynamoTaskLedger implements TaskLedger {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(dynamo: DynamoDBClient, table: string, clock: Clock) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#clock = clock;
  }

  get #place(): Table {
    return { dynamo: this.#dynamo, name: this.#table, clock: this.#clock };
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
    const { runId, taskId, targets } = task;
    // Packed: each later change of the task costs as many write units as all of it has KiB.
    const fields = { targets: targets.length, body: pack(encodeTask(task)) };
    const keep = Object.keys(fields).map((name) => `#${name} = if_not_exists(#${name}, :${name})`);
    await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshall(taskKey(runId, taskId)),
        UpdateExpression: `SET #registered = :true, ${keep.join(', ')}`,
        ExpressionAttributeNames: aliases(['registered', ...Object.keys(fields)]),
        ExpressionAttributeValues: marshall({
          ':true': true,
          ':targets': fields.targets,
          ':body': fields.body,
        }),
      }),
    );
  }

  /** A worker whose lease ran out may still write: it must not reopen what its successor finished. */
  async record({ runId, taskId, counts, ...progress }: TaskProgress): Promise<void> {
    const fields = { ...progress, ...counts };
    await unlessConditionFails(
      this.#update(taskKey(runId, taskId), fields, 'attribute_not_exists(#done) OR #done = :false'),
    );
  }

  async recordFault(task: Task, faults: number): Promise<void> {
    await this.#update(taskKey(task.runId, task.taskId), { faults, soloStarts: 0 });
  }

  async countSoloStart(task: Task): Promise<number> {
    const answer = await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
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
    const items = await this.#recallItems([...own, ...hosts.map(hostKey)]);
    const byKey = new Map(items.map((item) => [`${item['pk']?.S} ${item['sk']?.S}`, item]));
    return {
      memories: own.map(({ pk, sk }) =>
        memoryItem.parse(unmarshall(byKey.get(`${pk} ${sk}`) ?? {})),
      ),
      hosts: new Map(items.map(ofHostItem).filter((entry) => entry !== undefined)),
    };
  }

  async #recallItems(keys: readonly ItemKey[]): Promise<readonly Item[]> {
    const parts = portionsOf(keys, MAX_READS);
    const answers = parts.map((part) => getItems(this.#place, part, RECALLED));
    return (await Promise.all(answers)).flat();
  }

  async doneAmong(runId: string, taskIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (taskIds.length === 0) return new Set();
    const keys = taskIds.map((taskId) => taskKey(runId, taskId));
    const items = await getItems(this.#place, keys, ['sk', 'done']);
    const done = items.filter((item) => item['done']?.BOOL === true);
    return new Set(done.flatMap((item) => item['sk']?.S ?? []));
  }

  async *openRegistered(runId: string): AsyncGenerator<Task> {
    for (let shard = 0; shard < TASK_SHARDS; shard += 1) {
      const pages = paginateQuery(
        { client: this.#dynamo },
        {
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          FilterExpression:
            '#registered = :true AND (attribute_not_exists(#done) OR #done = :false)',
          ExpressionAttributeNames: aliases(['registered', 'done']),
          ExpressionAttributeValues: {
            ':pk': { S: taskPartition(runId, shard) },
            ':true': { BOOL: true },
            ':false': { BOOL: false },
          },
        },
      );
      for await (const { Items = [] } of pages) yield* Items.flatMap(bodyOf);
    }
  }

  async keepPoison(messageId: string, body: string): Promise<void> {
    const keptAt = new Date(this.#clock.now()).toISOString();
    const item = { pk: POISON_PARTITION, sk: messageId, body, keptAt };
    await this.#dynamo.send(new PutItemCommand({ TableName: this.#table, Item: marshall(item) }));
  }

  async #update(key: ItemKey, fields: Readonly<Record<string, unknown>>, condition?: string) {
    const names = Object.keys(fields);
    const values = names.map((name) => [`:${name}`, fields[name]]);
    if (condition !== undefined) values.push([':false', false]);
    return this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshall(key),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ...(condition === undefined ? {} : { ConditionExpression: condition }),
        ExpressionAttributeNames: aliases(names),
        ExpressionAttributeValues: marshall(Object.fromEntries(values)),
      }),
    );
  }
}

function bodyOf(item: Item): Task[] {
  const packed = item['body']?.B;
  const parsed = parseTask(packed === undefined ? '' : unpack(packed));
  return parsed.kind === 'task' ? [parsed.task] : [];
}

async function unlessConditionFails(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
