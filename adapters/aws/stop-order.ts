import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { STOP_KEY } from '../../contract/table-keys.ts';
import { systemClock } from '../system-clock.ts';
import { getItem } from './get-item.ts';

/** The order that all runs of a stack are to stop, as an item that workers and seeders read. */
export class StopOrder {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /** From now on all runs stop, within seconds. */
  async give(): Promise<void> {
    const Item = marshall({ ...STOP_KEY, stoppedMs: systemClock.now() });
    await this.#dynamo.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  /** Whether it was given and not taken back. */
  async isGiven(): Promise<boolean> {
    const place = { dynamo: this.#dynamo, name: this.#table };
    return (await getItem(place, STOP_KEY)) !== undefined;
  }

  /** Nothing goes on by itself. */
  async takeBack(): Promise<void> {
    const Key = marshall(STOP_KEY);
    await this.#dynamo.send(new DeleteItemCommand({ TableName: this.#table, Key }));
  }
}
