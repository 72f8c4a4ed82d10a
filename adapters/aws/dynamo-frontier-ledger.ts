import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { takenItem } from '../../contract/items.ts';
import { markKey, takenKey } from '../../contract/table-keys.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { FrontierLedger, Known, Mark, Taken } from '../../core/ports/ledger.ts';
import { untilTaken } from './batch-retry.ts';
import { aliases, getItems, type Item } from './get-items.ts';

/**
 * Marks as items of the table, the smallest there are: one write unit each. One that was left out
 * carries why, so that it can be told with the results without ever being a target.
 */
export class DynamoFrontierLedger implements FrontierLedger {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(dynamo: DynamoDBClient, table: string, clock: Clock) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#clock = clock;
  }

  async known(runId: string, urls: readonly string[]): Promise<ReadonlyMap<string, Known>> {
    const place = { dynamo: this.#dynamo, name: this.#table, clock: this.#clock };
    const byKey = new Map(urls.map((url) => [markKey(runId, url).sk, url]));
    const keys = urls.map((url) => markKey(runId, url));
    const items = await getItems(place, keys, ['sk', 'isOut']);
    return new Map(items.flatMap((item) => knownOf(item, byKey)));
  }

  mark(runId: string, marks: readonly Mark[]): Promise<void> {
    const puts = marks.map((mark) => toPut(runId, mark));
    return untilTaken(puts, this.#clock, async (rest) => {
      const answer = await this.#dynamo.send(
        new BatchWriteItemCommand({ RequestItems: { [this.#table]: [...rest] } }),
      );
      return answer.UnprocessedItems?.[this.#table] ?? [];
    });
  }

  /** A sum that was answered too late is added twice: a ceiling is met too early then, never late. */
  async reserve(runId: string, wanted: Partial<Taken>): Promise<Taken> {
    const names = Object.keys(wanted);
    const values = Object.entries(wanted).map(([name, value]) => [`:${name}`, value]);
    const answer = await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshall(takenKey(runId)),
        UpdateExpression: `ADD ${names.map((name) => `#${name} :${name}`).join(', ')}`,
        ExpressionAttributeNames: aliases(names),
        ExpressionAttributeValues: marshall(Object.fromEntries(values)),
        ReturnValues: 'ALL_NEW',
      }),
    );
    const { seeds, ...sums } = takenItem.parse(unmarshall(answer.Attributes ?? {}));
    return {
      pages: sums.pages + seeds - (wanted.pages ?? 0),
      urls: sums.urls + seeds - (wanted.urls ?? 0),
      bytes: sums.bytes - (wanted.bytes ?? 0),
    };
  }

  async countSeeds(runId: string, targets: number): Promise<void> {
    await this.#dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshall(takenKey(runId)),
        UpdateExpression: 'SET #seeds = :seeds',
        ExpressionAttributeNames: aliases(['seeds']),
        ExpressionAttributeValues: marshall({ ':seeds': targets }),
      }),
    );
  }
}

function knownOf(
  item: Item,
  byKey: ReadonlyMap<string, string>,
): readonly (readonly [string, Known])[] {
  const url = byKey.get(item['sk']?.S ?? '');
  return url === undefined ? [] : [[url, item['isOut'] === undefined ? 'target' : 'left-out']];
}

/** A text and a flag: why it was left out is read only by who reads all of them. */
function toPut(runId: string, { url, leftOut }: Mark): WriteRequest {
  const { pk, sk } = markKey(runId, url);
  const key = { pk: { S: pk }, sk: { S: sk } };
  if (leftOut === undefined) return { PutRequest: { Item: key } };
  const why = { isOut: { BOOL: true }, leftOut: { S: JSON.stringify({ url, ...leftOut }) } };
  return { PutRequest: { Item: { ...key, ...why } } };
}
