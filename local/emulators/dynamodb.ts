import { AwsError } from './aws-error.ts';
import type { DataFile } from './data-file.ts';
import { BATCH_CALLS } from './dynamodb/batch-calls.ts';
import type { DynamoCall } from './dynamodb/dynamo-call.ts';
import { ITEM_CALLS } from './dynamodb/item-calls.ts';
import { ItemStore } from './dynamodb/item-store.ts';
import { QUERY_CALLS } from './dynamodb/query-calls.ts';
import { TABLE_CALLS } from './dynamodb/table-calls.ts';
import type { TableUnits } from './dynamodb/table-units.ts';
import { TRANSACTION_CALLS } from './dynamodb/transaction-calls.ts';
import { checkParameters, type JsonService } from './json-service.ts';

/** All that this DynamoDB can do. */
const CALLS: Readonly<Record<string, DynamoCall>> = {
  ...TABLE_CALLS,
  ...ITEM_CALLS,
  ...BATCH_CALLS,
  ...QUERY_CALLS,
  ...TRANSACTION_CALLS,
};

/** Names of errors that do not belong to the service itself. */
const VALIDATION = 'com.amazon.coral.validate#';
const SERVICE = 'com.amazonaws.dynamodb.v20120810#';

/** DynamoDB, with its tables in the file of a data directory. `onUnits` is told what is billed. */
export function createDynamoDb(file: DataFile, onUnits: (units: TableUnits) => void): JsonService {
  const store = new ItemStore(file);
  return {
    name: 'dynamodb',
    call: (operation, input) => {
      const call = Object.hasOwn(CALLS, operation) ? CALLS[operation] : undefined;
      if (call === undefined)
        throw new AwsError(
          'UnknownOperationException',
          `DynamoDB ${operation} is not supported on this machine`,
        );
      checkParameters(`DynamoDB ${operation}`, input, call.parameters);
      return call.run({ input, store, onUnits });
    },
    errorType: ({ name }) => `${name === 'ValidationException' ? VALIDATION : SERVICE}${name}`,
  };
}
