import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { untilTaken } from './batch-retry.ts';
import type { Item, Table } from './get-items.ts';

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
