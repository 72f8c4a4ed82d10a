import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { runItem } from '../../contract/run-record.ts';
import { RUNS_PARTITION, runKey } from '../../contract/table-keys.ts';
import type { Checkpoint, Run } from '../../core/model/run.ts';
import type { RunLedger } from '../../core/ports/ledger.ts';
import { queryPartition } from './query-partition.ts';

/** Runs as items of the table. */
export class DynamoRunLedger implements RunLedger {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  async read(runId: string): Promise<Run | undefined> {
    const answer = await this.#dynamo.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: marshall(runKey(runId)),
        ConsistentRead: true,
      }),
    );
    return answer.Item && runItem.parse(unmarshall(answer.Item));
  }

  async *all(): AsyncGenerator<Run> {
    const place = { dynamo: this.#dynamo, table: this.#table };
    for await (const items of queryPartition(place, RUNS_PARTITION, { ScanIndexForward: false }))
      for (const item of items) yield runItem.parse(unmarshall(item));
  }

  async begin(run: Run): Promise<void> {
    await unlessFalse(this.#dynamo.send(putNewRun(this.#table, run)));
  }

  async keepWindowSize(runId: string, windowSize: number): Promise<number> {
    const answer = await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
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
      TableName: this.#table,
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
    await unlessFalse(this.#dynamo.send(update));
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

/** A write whose condition does not hold is one that somebody else has made. */
async function unlessFalse(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
