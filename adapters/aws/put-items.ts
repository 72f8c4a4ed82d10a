import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { MAX_WRITES } from '../../contract/limits.ts';
import { portionsOf } from '../../core/model/portions.ts';
import { untilTaken } from './batch-retry.ts';
import type { Item, Table } from './get-items.ts';

/** As `putItems`, any number of them, in as many requests at once as they need. */
export async function putAllItems(table: Table, items: readonly Item[]): Promise<void> {
  await Promise.all(portionsOf(items, MAX_WRITES).map((some) => putItems(table, some)));
}

/** Writes at most 25 items of different keys, in place of what was there. @throws BatchIncompleteError */
export function putItems({ dynamo, name, clock }: Table, items: readonly Item[]): Promise<void> {
  const puts = items.map((Item): WriteRequest => ({ PutRequest: { Item } }));
  return untilTaken(puts, clock, async (rest) => {
    const answer = await dynamo.send(
      new BatchWriteItemCommand({ RequestItems: { [name]: [...rest] } }),
    );
    return answer.UnprocessedItems?.[name] ?? [];
  });
}
