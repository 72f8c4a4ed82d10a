import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { takenItem } from '../../contract/items.ts';
import { markKey, takenKey } from '../../contract/table-keys.ts';
import type {
  FrontierLedger,
  GroupedUrl,
  Known,
  Mark,
  Taken,
} from '../../core/ports/frontier-ledger.ts';
import { aliases, getAllItems, type Item, type Table } from './get-items.ts';
import { putAllItems } from './put-items.ts';

/**
 * Marks as items of the table, the smallest there are: one write unit each. One that was left out
 * carries why, so that it can be told with the results without ever being a target.
 */
export class DynamoFrontierLedger implements FrontierLedger {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async known(runId: string, urls: readonly GroupedUrl[]): Promise<ReadonlyMap<string, Known>> {
    const byKey = new Map(urls.map((one) => [markKey(runId, one).sk, one.url]));
    const keys = urls.map((one) => markKey(runId, one));
    const items = await getAllItems(this.#table, keys, ['sk', 'isOut']);
    return new Map(items.flatMap((item) => knownOf(item, byKey)));
  }

  mark(runId: string, marks: readonly Mark[]): Promise<void> {
    const items = marks.map((mark) => toItem(runId, mark));
    return putAllItems(this.#table, items);
  }

  /** A sum that was answered too late is added twice: a ceiling is met too early then, never late. */
  async reserve(runId: string, wanted: Partial<Taken>): Promise<Taken> {
    const names = Object.keys(wanted);
    const values = Object.entries(wanted).map(([name, value]) => [`:${name}`, value]);
    const answer = await this.#table.dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
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
    await this.#table.dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
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
function toItem(runId: string, { leftOut, ...mark }: Mark): Item {
  const { pk, sk } = markKey(runId, mark);
  const key = { pk: { S: pk }, sk: { S: sk } };
  if (leftOut === undefined) return key;
  const text = JSON.stringify({ url: mark.url, ...leftOut });
  return { ...key, isOut: { BOOL: true }, leftOut: { S: text } };
}
