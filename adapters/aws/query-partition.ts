import { paginateQuery, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item, Table } from './get-items.ts';

type Said = 'FilterExpression' | 'ScanIndexForward' | 'ConsistentRead' | 'ReturnConsumedCapacity';

/** Attributes of the items that come, and what else a query says. */
interface PartitionQuery extends Pick<QueryCommandInput, Said> {
  /** All when absent; `sk` and others by their names in the table. */
  readonly fields?: readonly string[];
  /** The first and the last sort key; all when absent. */
  readonly range?: { readonly from: string; readonly to: string };
}

/**
 * The items of a partition, page by page of at most 1 MiB, in the order of their sort keys. Sees
 * every write that was answered, unless `ConsistentRead` is false. Names in a filter are those of
 * `fields`, each after a `#`.
 */
export async function* queryPartition(
  { dynamo, name }: Pick<Table, 'dynamo' | 'name'>,
  partition: string,
  { fields, range, ...query }: PartitionQuery = {},
): AsyncGenerator<readonly Item[]> {
  const names = (fields ?? []).map((field) => [`#${field}`, field] as const);
  const ends = range && { ':from': { S: range.from }, ':to': { S: range.to } };
  const pages = paginateQuery(
    { client: dynamo },
    {
      ConsistentRead: true,
      ...query,
      TableName: name,
      KeyConditionExpression: range ? '#pk = :pk AND #sk BETWEEN :from AND :to' : '#pk = :pk',
      ProjectionExpression:
        fields === undefined ? undefined : names.map(([alias]) => alias).join(', '),
      ExpressionAttributeNames: {
        '#pk': 'pk',
        ...(range && { '#sk': 'sk' }),
        ...Object.fromEntries(names),
      },
      ExpressionAttributeValues: { ':pk': { S: partition }, ...ends },
    },
  );
  for await (const { Items = [] } of pages) yield Items;
}
