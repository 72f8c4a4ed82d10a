import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from '../../local-clients.ts';
import { textIn } from '../fields.ts';
import type { DynamoCall } from './dynamo-call.ts';
import { describeTable, type TableSchema } from './table-schema.ts';

/** Tables, which are ready at once here. */
export const TABLE_CALLS = {
  CreateTable: {
    parameters: ['TableName', 'AttributeDefinitions', 'KeySchema', 'BillingMode'],
    run: ({ input, store }) => {
      const table = store.createTable({
        ...input,
        CreationDateTime: Math.floor(Date.now() / 1000),
      });
      return JSON.stringify({ TableDescription: described(table) });
    },
  },
  DescribeTable: {
    parameters: ['TableName'],
    run: ({ input, store }) => {
      return JSON.stringify({ Table: described(store.table(textIn(input, 'TableName'))) });
    },
  },
} as const satisfies Record<string, DynamoCall>;

function described(table: TableSchema) {
  return describeTable(table, LOCAL_ACCOUNT, LOCAL_IDENTITY.region);
}
