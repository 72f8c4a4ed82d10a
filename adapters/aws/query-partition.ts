import {
  type AttributeValue,
  type DynamoDBClient,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** Attributes of the items that come, and what else a query says. */
interface PartitionQuery extends Pick<QueryCommandInput, 'FilterExpression' | 'ScanIndexForward'> {
  /** All when absent; `sk` and others by their names in the table. */
  readonly fields?: readonly string[];
}

/**
 * The items of a partition, page by page of at most 1 MiB, in the order of their sort keys. Sees
 * every write that was answered. Names in a filter are those of `fields`, each behind a `#`.
 */
export async function* queryPartition(
  { dynamo, table }: { readonly dynamo: DynamoDBClient; readonly table: string },
  partition: string,
  { fields, ...query }: PartitionQuery = {},
): AsyncGenerator<readonly Item[]> {
  const names = (fields ?? []).map((name) => [`#${name}`, name] as const);
  const pages = paginateQuery(
    { client: dynamo },
    {
      ...query,
      TableName: table,
      KeyConditionExpression: '#pk = :pk',
      ProjectionExpression:
        fields === undefined ? undefined : names.map(([alias]) => alias).join(', '),
      ExpressionAttributeNames: Object.fromEntries([['#pk', 'pk'], ...names]),
      ExpressionAttributeValues: { ':pk': { S: partition } },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) yield Items;
}
