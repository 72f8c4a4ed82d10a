import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { ItemKey } from '../../contract/table-keys.ts';
import type { Item, Table } from './get-items.ts';

/** The item of a key; undefined when there is none. A strong read: sees every write that was answered. */
export async function getItem(
  { dynamo, name }: Pick<Table, 'dynamo' | 'name'>,
  key: ItemKey,
): Promise<Item | undefined> {
  const answer = await dynamo.send(
    new GetItemCommand({ TableName: name, Key: marshall(key), ConsistentRead: true }),
  );
  return answer.Item;
}
