import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  paginateScan,
  QueryCommand,
  type QueryCommandInput,
  TransactGetItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { emulatedAws } from './emulated-aws.ts';

let dynamo: DynamoDBClient;
beforeEach(async () => {
  ({ dynamo } = await emulatedAws());
});

/** A table whose sort keys are of a type, with an item for each of them in one partition. */
async function tableOf(type: 'S' | 'N' | 'B', ...keys: readonly AttributeValue[]) {
  const TableName = 'sorted';
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: type },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  for (const sk of keys) {
    await dynamo.send(new PutItemCommand({ TableName, Item: { pk: { S: 'p' }, sk } }));
  }
}

const S = (text: string) => ({ S: text });
const query = (
  fields: Partial<QueryCommandInput> = {},
  values: object = {},
): QueryCommandInput => ({
  TableName: 'sorted',
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': S('p'), ...values },
  ...fields,
});
async function keysOf(input: QueryCommandInput) {
  const keys: unknown[] = [];
  for await (const { Items = [] } of paginateQuery({ client: dynamo }, input)) {
    keys.push(...Items.map(({ sk }) => sk?.S ?? sk?.N ?? sk?.B?.[0]));
  }
  return keys;
}

describe('a query', () => {
  it.each([
    ['sk = :a', { ':a': S('b') }, ['b']],
    ['sk < :a', { ':a': S('b') }, ['a']],
    ['sk <= :a', { ':a': S('b') }, ['a', 'b']],
    ['sk > :a', { ':a': S('b') }, ['ba', 'bb', 'c', 'ü', '😀']],
    ['sk >= :a', { ':a': S('c') }, ['c', 'ü', '😀']],
    ['sk BETWEEN :a AND :b', { ':a': S('b'), ':b': S('bb') }, ['b', 'ba', 'bb']],
    ['begins_with(sk, :a)', { ':a': S('b') }, ['b', 'ba', 'bb']],
    ['begins_with(sk, :a)', { ':a': S('z') }, []],
  ])('of %s with %j', async (condition, values, expected) => {
    await tableOf('S', ...['c', 'b', 'a', 'ba', '😀', 'bb', 'ü'].map(S));
    const KeyConditionExpression = `pk = :pk AND ${condition}`;
    expect(await keysOf(query({ KeyConditionExpression }, values))).toEqual(expected);
    const backwards = query({ KeyConditionExpression, ScanIndexForward: false }, values);
    expect(await keysOf(backwards)).toEqual(expected.toReversed());
    expect(await keysOf({ ...backwards, Limit: 1 })).toEqual(expected.toReversed());
    expect(await keysOf(query({ KeyConditionExpression, Limit: 1 }, values))).toEqual(expected);
  });

  it('of numbers is in their order', async () => {
    const numbers = ['10', '9', '-1', '-1.5', '0', '1e100', '-1e100', '0.001', '100'];
    await tableOf('N', ...numbers.map((N) => ({ N })));
    const sorted = ['-1.5', '-1', '0', '0.001', '9', '10', '100'];
    expect((await keysOf(query())).slice(1, -1)).toEqual(sorted);
    const KeyConditionExpression = 'pk = :pk AND sk > :a';
    const above = query({ KeyConditionExpression }, { ':a': { N: '9.5' } });
    expect((await keysOf(above)).slice(0, -1)).toEqual(['10', '100']);
  });

  it('of bytes is in their order', async () => {
    await tableOf('B', ...[200, 3, 127, 255].map((byte) => ({ B: Uint8Array.of(byte) })));
    expect(await keysOf(query())).toEqual([3, 127, 200, 255]);
  });

  it('ends a page at 1 MB, and goes on after it', async () => {
    await tableOf('S');
    const Items = Array.from({ length: 6 }, (_, at) => {
      return { pk: S('p'), sk: S(String(at)), body: { B: new Uint8Array(300_000) } };
    });
    const puts = Items.map((Item) => ({ PutRequest: { Item } }));
    await dynamo.send(new BatchWriteItemCommand({ RequestItems: { sorted: puts } }));
    const first = await dynamo.send(new QueryCommand(query()));
    expect(first).toMatchObject({ Count: 4, LastEvaluatedKey: { pk: S('p'), sk: S('3') } });
    expect(first.Items?.[0]).toEqual(Items[0]);
    expect(await keysOf(query())).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('filters what it has looked at, and gives what is asked for', async () => {
    await tableOf('S', ...['a', 'b', 'c'].map(S));
    const filtered = query(
      { FilterExpression: 'sk <> :b', ProjectionExpression: 'sk' },
      { ':b': S('b') },
    );
    expect(await dynamo.send(new QueryCommand(filtered))).toMatchObject({
      Items: [{ sk: S('a') }, { sk: S('c') }],
      Count: 2,
      ScannedCount: 3,
    });
  });

  it.each([
    [
      'no condition on the partition',
      { KeyConditionExpression: 'sk = :pk' },
      /missed key schema element: pk/,
    ],
    [
      'a condition on no key',
      { KeyConditionExpression: 'pk = :pk AND title = :pk' },
      /not supported/,
    ],
    [
      'an operator that keys do not have',
      { KeyConditionExpression: 'pk = :pk AND sk <> :pk' },
      /Invalid operator/,
    ],
    [
      'an index',
      { IndexName: 'by-host' },
      /DynamoDB Query: IndexName is not supported on this machine/,
    ],
    [
      'a start in another partition',
      { ExclusiveStartKey: { pk: S('x'), sk: S('x') } },
      /outside query boundaries/,
    ],
    [
      'a start outside of its keys',
      {
        KeyConditionExpression: 'pk = :pk AND sk > :pk',
        ExclusiveStartKey: { pk: S('p'), sk: S('a') },
      },
      /outside query boundaries/,
    ],
  ])('with %s is refused', async (_, fields, problem) => {
    await tableOf('S');
    await expect(dynamo.send(new QueryCommand(query(fields)))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(problem),
    });
  });

  it('of a table that is not there is refused', async () => {
    await expect(dynamo.send(new QueryCommand(query()))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

it('a scan goes through all partitions', async () => {
  await tableOf('S', S('a'), S('b'));
  await dynamo.send(new PutItemCommand({ TableName: 'sorted', Item: { pk: S('q'), sk: S('a') } }));
  const found: unknown[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: dynamo },
    { TableName: 'sorted', Limit: 1 },
  )) {
    found.push(...Items.map(({ pk, sk }) => `${pk?.S}${sk?.S}`));
  }
  expect(found).toEqual(['pa', 'pb', 'qa']);
});

it('a call that is not carried out here is refused by its name', async () => {
  const TransactItems = [{ Get: { TableName: 'sorted', Key: { pk: S('p') } } }];
  const call = dynamo.send(new TransactGetItemsCommand({ TransactItems }));
  await expect(call).rejects.toThrow('DynamoDB TransactGetItems is not supported on this machine');
});
