import { crc32 } from 'node:zlib';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import { emulatedAws } from './emulated-aws.ts';

const TableName = 'batches';
let dynamo: DynamoDBClient;

beforeEach(async () => {
  ({ dynamo } = await emulatedAws());
  const key = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [key('pk'), key('sk')],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
});

const itemOf = (sk: string, value = sk) => ({
  pk: { S: 'one' },
  sk: { S: sk },
  value: { S: value },
});

function putAll(...items: readonly Record<string, { readonly S: string }>[]) {
  const puts = items.map((Item) => ({ PutRequest: { Item } }));
  return dynamo.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
}

async function getAll(sks: readonly string[], projection?: string) {
  const Keys = sks.map((sk) => ({ pk: { S: 'one' }, sk: { S: sk } }));
  const request = { Keys, ConsistentRead: true, ProjectionExpression: projection };
  const answer = await dynamo.send(
    new BatchGetItemCommand({ RequestItems: { [TableName]: request } }),
  );
  return answer.Responses?.[TableName] ?? [];
}

it('what a batch wrote is read by a batch and by a query, in its order, and what is missing is not', async () => {
  expect(await putAll(itemOf('b'), itemOf('a'), itemOf('ü/ö'))).toMatchObject({
    UnprocessedItems: {},
  });
  const found = await getAll(['a', 'b', 'c', 'ü/ö']);
  expect(new Set(found)).toEqual(new Set([itemOf('a'), itemOf('b'), itemOf('ü/ö')]));
  const query = new QueryCommand({
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: 'one' } },
  });
  const { Items = [] } = await dynamo.send(query);
  expect(Items.map(({ sk }) => sk?.S)).toEqual(['a', 'b', 'ü/ö']);
});

it('a batch of reads gives the attributes that were asked for', async () => {
  await putAll(itemOf('a', 'x'), itemOf('b'));
  expect(await getAll(['a'], 'sk')).toEqual([{ sk: { S: 'a' } }]);
});

it('a batch replaces whole items', async () => {
  await putAll(itemOf('a', 'old'));
  await putAll({ pk: { S: 'one' }, sk: { S: 'a' } });
  expect(await getAll(['a'])).toEqual([{ pk: { S: 'one' }, sk: { S: 'a' } }]);
});

it.each([
  ['an item without its key', [{ pk: { S: 'one' }, value: { S: 'x' } }]],
  ['an empty key', [itemOf('')]],
  ['a key twice', [itemOf('a'), itemOf('b'), itemOf('a')]],
  ['no item', []],
  ['26 items', Array.from({ length: 26 }, (_, at) => itemOf(at === 0 ? 'a' : `k${at}`))],
])('a batch with %s is refused whole', async (_, items) => {
  await expect(putAll(...items)).rejects.toMatchObject({ name: 'ValidationException' });
  expect(await getAll(['a', 'b'])).toEqual([]);
});

it.each([
  ['no key', []],
  ['101 keys', Array.from({ length: 101 }, (_, at) => `k${at}`)],
  ['a key twice', ['a', 'b', 'a']],
])('a read of %s is refused', async (_, keys) => {
  await expect(getAll(keys)).rejects.toMatchObject({ name: 'ValidationException' });
});

it('a batch for a table that cannot have such a name is refused', async () => {
  const RequestItems = { t: [{ PutRequest: { Item: itemOf('a') } }] };
  const write = dynamo.send(new BatchWriteItemCommand({ RequestItems }));
  await expect(write).rejects.toMatchObject({ name: 'ValidationException' });
});

it('an answer has the checksum of its bytes', async () => {
  const endpoint = await dynamo.config.endpoint?.();
  await putAll(itemOf('ä', 'ö'.repeat(100)));
  const Keys = [{ pk: { S: 'one' }, sk: { S: 'ä' } }];
  const answer = await fetch(`http://127.0.0.1:${endpoint?.port}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.BatchGetItem',
      'x-amz-date': '20261125T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/x/x/dynamodb/x, SignedHeaders=x, Signature=x',
    },
    body: JSON.stringify({ RequestItems: { [TableName]: { Keys } } }),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  expect(body.toString()).toContain('ö');
  expect(Number(answer.headers.get('x-amz-crc32'))).toBe(crc32(body));
});

it('batches of the same keys in other orders all end, and leave one of them', async () => {
  const keys = Array.from({ length: 10 }, (_, at) => `k${at}`);
  const writers = Array.from({ length: 20 }, (_, writer) => {
    const own = writer % 2 === 0 ? keys : keys.toReversed();
    return putAll(...own.map((key) => itemOf(key, `w${writer}`)));
  });
  await Promise.all(writers);
  const values = (await getAll(keys)).map(({ value }) => value?.S);
  expect(values).toHaveLength(10);
  expect(new Set(values).size).toBe(1);
});

it('a count is not lost between batches of other keys', async () => {
  const count = new UpdateItemCommand({
    TableName,
    Key: { pk: { S: 'one' }, sk: { S: 'count' } },
    UpdateExpression: 'ADD done :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  });
  const both = Array.from({ length: 30 }, (_, at) => [
    putAll(itemOf(`k${at}`)),
    dynamo.send(count),
  ]);
  await Promise.all(both.flat());
  expect((await getAll(['count']))[0]?.['done']).toEqual({ N: '30' });
});

it('an answer of more than 16 MB leaves keys for another request', async () => {
  const keys = Array.from({ length: 45 }, (_, at) => `k${at}`);
  for (let at = 0; at < keys.length; at += 15) {
    await putAll(...keys.slice(at, at + 15).map((key) => itemOf(key, 'x'.repeat(400_000))));
  }
  const answer = await dynamo.send(
    new BatchGetItemCommand({
      RequestItems: {
        [TableName]: { Keys: keys.map((sk) => ({ pk: { S: 'one' }, sk: { S: sk } })) },
      },
    }),
  );
  const read = answer.Responses?.[TableName]?.length ?? 0;
  const left = answer.UnprocessedKeys?.[TableName]?.Keys?.length ?? 0;
  expect(read + left).toBe(45);
  expect(read).toBe(41);
});
