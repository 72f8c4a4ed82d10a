import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { runItem } from '../../contract/items.ts';
import { runKey } from '../../contract/table-keys.ts';
import type { RunLedger } from '../../core/ports/ledger.ts';
import type { Checkpoint, Run } from '../../core/run.ts';

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
    try {
      await this.#dynamo.send(update);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
