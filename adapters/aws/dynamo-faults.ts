import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { faultItem, type KeptFault } from '../../contract/kept-fault.ts';
import { faultKey, faultPartition } from '../../contract/table-keys.ts';
import { aliases } from './get-items.ts';
import { queryPartition } from './query-partition.ts';

/** Errors of our functions as items of the table: one for each place of the code in which a run met one. */
export class DynamoFaults {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /** Adds `times` to what is counted at that place; message and time are the latest. */
  async add(runId: string, fault: KeptFault): Promise<void> {
    const { times, ...said } = fault;
    const fields = Object.entries(said).filter(([, value]) => value !== undefined);
    const sets = fields.map(([name]) => `#${name} = :${name}`).join(', ');
    const values = fields.map(([name, value]) => [`:${name}`, value]);
    await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshall(faultKey(runId, fault)),
        UpdateExpression: `SET ${sets} ADD #times :times`,
        ExpressionAttributeNames: aliases(['times', ...fields.map(([name]) => name)]),
        ExpressionAttributeValues: marshall({ ':times': times, ...Object.fromEntries(values) }),
      }),
    );
  }

  /** Those of a run, the latest first. */
  async list(runId: string): Promise<readonly KeptFault[]> {
    const place = { dynamo: this.#dynamo, name: this.#table };
    const faults: KeptFault[] = [];
    for await (const items of queryPartition(place, faultPartition(runId)))
      for (const item of items) faults.push(faultItem.parse(unmarshall(item)));
    return faults.toSorted((a, b) => b.lastMs - a.lastMs);
  }
}
