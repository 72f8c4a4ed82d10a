import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { MAX_READS } from '../../contract/limits.ts';
import type { ItemKey } from '../../contract/table-keys.ts';
import { portionsOf } from '../../core/model/portions.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { untilTaken } from './batch-retry.ts';

/** An item as DynamoDB spells it. */
export type Item = Record<string, AttributeValue>;

/** A table and how to reach it. */
export interface Table {
  readonly dynamo: DynamoDBClient;
  readonly name: string;
  readonly clock: Clock;
}

/** As `getItems`, of any number of keys, in as many requests at once as they need. */
export async function getAllItems(
  table: Table,
  keys: readonly ItemKey[],
  attributes?: readonly string[],
): Promise<readonly Item[]> {
  const portions = portionsOf(keys, MAX_READS);
  return (await Promise.all(portions.map((some) => getItems(table, some, attributes)))).flat();
}

/**
 * The items of at most 100 keys that are there, all of each or the named attributes. Strong reads:
 * what a dead worker wrote last must be seen. @throws BatchIncompleteError
 */
export async function getItems(
  { dynamo, name, clock }: Table,
  keys: readonly ItemKey[],
  attributes?: readonly string[],
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const projection = attributes && {
    ProjectionExpression: attributes.map((attribute) => `#${attribute}`).join(', '),
    ExpressionAttributeNames: aliases(attributes),
  };
  await untilTaken(
    keys.map(({ pk, sk }): Item => ({ pk: { S: pk }, sk: { S: sk } })),
    clock,
    async (rest) => {
      const request = { Keys: [...rest], ConsistentRead: true, ...projection };
      const answer = await dynamo.send(
        new BatchGetItemCommand({ RequestItems: { [name]: request } }),
      );
      items.push(...(answer.Responses?.[name] ?? []));
      return answer.UnprocessedKeys?.[name]?.Keys ?? [];
    },
  );
  return items;
}

/** Aliases for all: the list of words that DynamoDB reserves is long, and grows. */
export function aliases(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`#${name}`, name]));
}
