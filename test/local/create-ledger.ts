import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

export const TableName = 'ledger';

/** Creates the table, and waits until it takes writes. */
export async function createLedger(dynamo: DynamoDBClient): Promise<void> {
  await dynamo.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  const describe = new DescribeTableCommand({ TableName });
  while ((await dynamo.send(describe)).Table?.TableStatus !== 'ACTIVE');
}
