import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { runItem } from '../../contract/run-record.ts';
import { costKey, RUNS_PARTITION, runKey, STOP_KEY } from '../../contract/table-keys.ts';
import type { Checkpoint, Run } from '../../core/model/run.ts';
import type { RunFinish } from '../../core/model/run-finish.ts';
import type { RunLedger, RunLook } from '../../core/ports/run-ledger.ts';
import { unlessFalse } from './conditional-write.ts';
import { getItem } from './get-item.ts';
import { getItems, type Table } from './get-items.ts';
import { queryPartition } from './query-partition.ts';

/** Runs as items of the table. */
export class DynamoRunLedger implements RunLedger {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async read(runId: string): Promise<Run | undefined> {
    const item = await getItem(this.#table, runKey(runId));
    return item && runItem.parse(unmarshall(item));
  }

  async look(runId: string): Promise<RunLook> {
    const items = await getItems(this.#table, [runKey(runId), STOP_KEY]);
    const run = items.find((item) => item['pk']?.S === RUNS_PARTITION);
    return {
      run: run && runItem.parse(unmarshall(run)),
      isStopped: items.some((item) => item['pk']?.S === STOP_KEY.pk),
    };
  }

  async addCost(runId: string, nanodollars: number): Promise<number> {
    const answer = await this.#table.dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
        Key: marshall(costKey(runId)),
        UpdateExpression: 'ADD #cost :cost',
        ExpressionAttributeNames: { '#cost': 'nanodollars' },
        ExpressionAttributeValues: { ':cost': { N: String(nanodollars) } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(answer.Attributes?.['nanodollars']?.N ?? 0);
  }

  async cost(runId: string): Promise<number> {
    const item = await getItem(this.#table, costKey(runId));
    return Number(item?.['nanodollars']?.N ?? 0);
  }

  async *all(): AsyncGenerator<Run> {
    const newestFirst = { ScanIndexForward: false };
    for await (const items of queryPartition(this.#table, RUNS_PARTITION, newestFirst))
      for (const item of items) yield runItem.parse(unmarshall(item));
  }

  async begin(run: Run): Promise<void> {
    await unlessFalse(this.#table.dynamo.send(putNewRun(this.#table.name, run)));
  }

  async keepWindowSize(runId: string, windowSize: number): Promise<number> {
    const answer = await this.#table.dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
        Key: marshall(runKey(runId)),
        UpdateExpression: 'SET #size = if_not_exists(#size, :size)',
        ConditionExpression: 'attribute_exists(#pk)',
        ExpressionAttributeNames: { '#size': 'windowSize', '#pk': 'pk' },
        ExpressionAttributeValues: { ':size': { N: String(windowSize) } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(answer.Attributes?.['windowSize']?.N ?? windowSize);
  }

  /**
   * Two seeders of one run (the first was slow to die) walk the same windows:
   *
   *     A: window 4 ─ window 5 ─ finished
   *     B:     window 4 ────────────────── window 5: must turn nothing back
   */
  async checkpoint(run: Run, checkpoint: Checkpoint, finished: boolean): Promise<void> {
    const clauses = {
      forwards: finished ? '#checkpoint.#window = :window' : '#checkpoint.#window < :window',
      sameLists: 'size(#lists) = :lists',
    };
    const seeding = finished ? 'finished' : 'open';
    const update = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: marshall(runKey(run.runId)),
      UpdateExpression: 'SET #checkpoint = :checkpoint, #seeding = :seeding',
      ConditionExpression: `${clauses.forwards} AND ${clauses.sameLists}`,
      ExpressionAttributeNames: {
        '#checkpoint': 'checkpoint',
        '#window': 'window',
        '#lists': 'lists',
        '#seeding': 'seeding',
      },
      ExpressionAttributeValues: marshall({
        ':checkpoint': checkpoint,
        ':seeding': seeding,
        ':window': checkpoint.window,
        ':lists': run.lists.length,
      }),
    });
    await unlessFalse(this.#table.dynamo.send(update));
  }

  async keepFinish(run: Run, finish: RunFinish, begins: boolean): Promise<boolean> {
    const sameRun = {
      condition: '#seeding = :finished AND size(#lists) = :lists',
      names: { '#seeding': 'seeding', '#lists': 'lists' },
      values: { ':finished': 'finished', ':lists': run.lists.length },
    };
    const sameFinisher = {
      condition: '#finish.#by = :by AND #finish.#turn <= :turn',
      names: { '#by': 'by', '#turn': 'turn' },
      values: { ':by': finish.by, ':turn': finish.turn },
    };
    const { condition, names, values } = begins ? sameRun : sameFinisher;
    const update = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: marshall(runKey(run.runId)),
      UpdateExpression: 'SET #finish = :finish',
      ConditionExpression: condition,
      ExpressionAttributeNames: { '#finish': 'finish', ...names },
      ExpressionAttributeValues: marshall(
        { ':finish': finish, ...values },
        { removeUndefinedValues: true },
      ),
    });
    return unlessFalse(this.#table.dynamo.send(update));
  }
}

/** Writes a run's record, on condition that there is none. */
export function putNewRun(table: string, run: Run): PutItemCommand {
  return new PutItemCommand({
    TableName: table,
    Item: marshall({ ...runKey(run.runId), ...run }, { removeUndefinedValues: true }),
    ConditionExpression: 'attribute_not_exists(#pk)',
    ExpressionAttributeNames: { '#pk': 'pk' },
  });
}
