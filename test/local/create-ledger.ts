import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

export const TableName = 'ledger';

/** Creates the table. */
export async function createLedger(dynamo: DynamoDBClient): Promise<void> {
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
}
