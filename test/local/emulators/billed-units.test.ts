import * as dynamodb from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { createLedger, TableName } from '../create-ledger.ts';
import { emulatedAws } from './emulated-aws.ts';

const itemOf = (pk: string, bytes: number) => ({ pk: { S: pk }, body: { S: 'x'.repeat(bytes) } });
const keys = (count: number) => Array.from({ length: count }, (_, at) => ({ pk: { S: `k${at}` } }));
const puts = (...sizes: readonly number[]) =>
  sizes.map((size, at) => ({ PutRequest: { Item: itemOf(`p${at}`, size) } }));

/** The units of a request, besides those of two items that are there: `small`, and `large` of 9 KiB. */
async function unitsOf(send: (dynamo: dynamodb.DynamoDBClient) => Promise<unknown>) {
  const units = { written: 0, read: 0 };
  const { dynamo } = await emulatedAws({
    onRequest: (service, kind, times = 0) => {
      if (service === 'units' && (kind === 'written' || kind === 'read')) units[kind] += times;
    },
  });
  await createLedger(dynamo);
  const put = (Item: ReturnType<typeof itemOf>) =>
    dynamo.send(new dynamodb.PutItemCommand({ TableName, Item }));
  await put(itemOf('small', 10));
  await put(itemOf('large', 9000));
  units.written = 0;
  await send(dynamo);
  return units;
}

const Key = { pk: { S: 'large' } };
const absent = { pk: { S: 'absent' } };
const ofAll = (count: number, ConsistentRead?: boolean) =>
  new dynamodb.BatchGetItemCommand({
    RequestItems: { [TableName]: { Keys: keys(count), ConsistentRead } },
  });

it.each([
  ['a small put', new dynamodb.PutItemCommand({ TableName, Item: itemOf('a', 10) }), 1],
  [
    'a put of more than a KiB',
    new dynamodb.PutItemCommand({ TableName, Item: itemOf('a', 1024) }),
    2,
  ],
  [
    'a put that replaces a large item',
    new dynamodb.PutItemCommand({ TableName, Item: itemOf('large', 1) }),
    9,
  ],
  [
    'a batch',
    new dynamodb.BatchWriteItemCommand({ RequestItems: { [TableName]: puts(1, 900, 1500) } }),
    4,
  ],
  ['a deletion', new dynamodb.DeleteItemCommand({ TableName, Key }), 9],
  ['a deletion of nothing', new dynamodb.DeleteItemCommand({ TableName, Key: absent }), 1],
  [
    'an update, by all of its item',
    new dynamodb.UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'ADD done :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
    9,
  ],
])('%s is billed', async (_, command, written) => {
  // One type of command after the other: the client's own types do not take a union.
  const units = await unitsOf((dynamo) => {
    if (command instanceof dynamodb.PutItemCommand) return dynamo.send(command);
    if (command instanceof dynamodb.BatchWriteItemCommand) return dynamo.send(command);
    return command instanceof dynamodb.DeleteItemCommand
      ? dynamo.send(command)
      : dynamo.send(command);
  });
  expect(units).toEqual({ written, read: 0 });
});

it.each([
  ['a strong read', new dynamodb.GetItemCommand({ TableName, Key, ConsistentRead: true }), 3],
  ['a read', new dynamodb.GetItemCommand({ TableName, Key }), 1.5],
  [
    'a strong read of nothing',
    new dynamodb.GetItemCommand({ TableName, Key: absent, ConsistentRead: true }),
    1,
  ],
  ['a strong batch', ofAll(98, true), 98],
  ['a batch', ofAll(3), 1.5],
])('%s is billed', async (_, command, read) => {
  const units = await unitsOf((dynamo) =>
    command instanceof dynamodb.GetItemCommand ? dynamo.send(command) : dynamo.send(command),
  );
  expect(units).toEqual({ written: 0, read });
});

it('what was consumed is answered where it is asked for', async () => {
  const { dynamo } = await emulatedAws();
  await createLedger(dynamo);
  const put = { TableName, Item: itemOf('a', 3000), ReturnConsumedCapacity: 'TOTAL' } as const;
  const { ConsumedCapacity } = await dynamo.send(new dynamodb.PutItemCommand(put));
  expect(ConsumedCapacity).toEqual({ TableName, CapacityUnits: 3 });
});

it.each([
  ['is billed where the caller asks what it costs', 'TOTAL', 3],
  ['is not counted otherwise: it is a person who looks', undefined, 0],
] as const)('a query %s', async (_, ReturnConsumedCapacity, read) => {
  const query = new dynamodb.QueryCommand({
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: 'large' } },
    ConsistentRead: true,
    ReturnConsumedCapacity,
  });
  expect(await unitsOf((dynamo) => dynamo.send(query))).toEqual({ written: 0, read });
});
