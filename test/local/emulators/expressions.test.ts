import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLedger, TableName } from '../create-ledger.ts';
import { emulatedAws } from './emulated-aws.ts';

type Values = Record<string, AttributeValue>;

const Key = { pk: { S: 'one' } };
const N = (number: number | string) => ({ N: String(number) });
const BEFORE: Values = {
  ...Key,
  title: { S: 'Zürich' },
  count: N(5),
  done: { BOOL: false },
  nothing: { NULL: true },
  bytes: { B: Uint8Array.of(1, 2, 3) },
  tags: { SS: ['a', 'b'] },
  sizes: { NS: ['1', '2'] },
  list: { L: [N(1), { S: 'x' }, { M: { deep: N(7) } }] },
  map: { M: { leaf: { S: 'i' } } },
};

let dynamo: DynamoDBClient;
beforeEach(async () => {
  ({ dynamo } = await emulatedAws());
  await createLedger(dynamo);
  await dynamo.send(new PutItemCommand({ TableName, Item: BEFORE }));
});

/** What names stand for wherever they are used. */
const NAMES: Record<string, string> = {
  '#count': 'count',
  '#list': 'list',
  '#map': 'map',
  '#pk': 'pk',
};
const used = <T>(all: Record<string, T>, text: string) => {
  const some = Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(text));
  return some.length === 0 ? undefined : Object.fromEntries(some);
};

async function isTrue(condition: string, values?: Values): Promise<boolean> {
  const command = new DeleteItemCommand({
    TableName,
    Key,
    ConditionExpression: condition,
    ExpressionAttributeNames: used(NAMES, condition),
    ExpressionAttributeValues: values,
  });
  return dynamo.send(command).then(
    () => true,
    (error) => {
      if (error.name !== 'ConditionalCheckFailedException') throw error;
      return false;
    },
  );
}

const update = (expression: string, values?: Values, more: object = {}) =>
  dynamo.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: expression,
      ExpressionAttributeNames: used(NAMES, expression),
      ExpressionAttributeValues: values,
      ReturnValues: 'ALL_NEW',
      ...more,
    }),
  );

describe('a condition', () => {
  it.each<[string, Values | undefined, boolean]>([
    ['attribute_exists(title)', undefined, true],
    ['attribute_exists(#map.leaf)', undefined, true],
    ['attribute_exists(#list[3])', undefined, false],
    ['attribute_not_exists(absent)', undefined, true],
    ['attribute_type(tags, :t)', { ':t': { S: 'SS' } }, true],
    ['title = :t', { ':t': { S: 'Zürich' } }, true],
    ['title <> :t', { ':t': { S: 'Zürich' } }, false],
    ['absent = :t', { ':t': { S: 'x' } }, false],
    ['absent <> :t', { ':t': { S: 'x' } }, true],
    ['#count < :n', { ':n': N(10) }, true],
    ['#count < :n', { ':n': { S: '9' } }, false],
    ['#count BETWEEN :a AND :b', { ':a': N(5), ':b': N('5.0') }, true],
    ['#count IN (:a, :b)', { ':a': N(1), ':b': N(5) }, true],
    ['begins_with(title, :t)', { ':t': { S: 'Zü' } }, true],
    ['begins_with(bytes, :b)', { ':b': { B: Uint8Array.of(1, 2) } }, true],
    ['bytes = :b', { ':b': { B: Uint8Array.of(1, 2, 3) } }, true],
    ['contains(title, :t)', { ':t': { S: 'ric' } }, true],
    ['contains(tags, :t)', { ':t': { S: 'b' } }, true],
    ['contains(#list, :t)', { ':t': { S: 'x' } }, true],
    ['contains(sizes, :t)', { ':t': N(3) }, false],
    ['tags = :t', { ':t': { SS: ['b', 'a'] } }, true],
    ['#map = :m', { ':m': { M: { leaf: { S: 'i' } } } }, true],
    ['size(#list) = :n', { ':n': N(3) }, true],
    ['size(bytes) = :n', { ':n': N(3) }, true],
    ['#list[2].deep = :n', { ':n': N(7) }, true],
    ['done = :f OR absent = :f AND title = :f', { ':f': { BOOL: false } }, true],
    ['(done = :f OR absent = :f) AND title = :f', { ':f': { BOOL: false } }, false],
    ['NOT (done = :f)', { ':f': { BOOL: false } }, false],
    ['not done = :f and attribute_exists(title)', { ':f': { BOOL: false } }, false],
  ])('%s with %j is %s', async (condition, values, expected) => {
    expect(await isTrue(condition, values)).toBe(expected);
  });

  it.each<[string, Values | undefined, RegExp]>([
    ['status = :s', { ':s': { S: 'x' } }, /reserved keyword: status/],
    ['title = :absent', undefined, /attribute value: :absent/],
    ['#nobody = :s', { ':s': { S: 'x' } }, /attribute name: #nobody/],
    [
      'title = :s',
      { ':s': { S: 'x' }, ':more': { S: 'y' } },
      /unused in expressions: keys: \{:more\}/,
    ],
    ['title = ', undefined, /Syntax error; token: "<EOF>"/],
    ['title', undefined, /Syntax error/],
    ['title ? :s', { ':s': { S: 'x' } }, /Syntax error; token: "\?"/],
    ['title = :s)', { ':s': { S: 'x' } }, /Syntax error; token: "\)"/],
    ['upper(title) = :s', { ':s': { S: 'x' } }, /Invalid function name; function: upper/],
    ['begins_with(title)', undefined, /Incorrect number of operands/],
    ['', undefined, /can not be empty/],
  ])('%j with %j is refused', async (condition, values, problem) => {
    await expect(isTrue(condition, values)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(problem),
    });
  });

  it('that does not hold tells the item where that is asked for', async () => {
    const command = new DeleteItemCommand({
      TableName,
      Key,
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(dynamo.send(command)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: BEFORE,
    });
  });
});

describe('an update', () => {
  it.each<[string, Values | undefined, Values]>([
    ['SET title = :t, fresh = :t', { ':t': { S: 'x' } }, { title: { S: 'x' }, fresh: { S: 'x' } }],
    [
      'SET fresh = title, title = :t',
      { ':t': { S: 'x' } },
      { title: { S: 'x' }, fresh: { S: 'Zürich' } },
    ],
    ['SET #count = #count + :n', { ':n': N('0.5') }, { count: N('5.5') }],
    ['SET #count = :n - #count', { ':n': N(1) }, { count: N(-4) }],
    ['SET #count = if_not_exists(absent, #count) + :n', { ':n': N(1) }, { count: N(6) }],
    ['SET title = if_not_exists(title, :t)', { ':t': { S: 'x' } }, { title: { S: 'Zürich' } }],
    ['SET tail = list_append(:l, :l)', { ':l': { L: [N(1)] } }, { tail: { L: [N(1), N(1)] } }],
    ['SET #map.more = :n', { ':n': N(1) }, { map: { M: { leaf: { S: 'i' }, more: N(1) } } }],
    ['SET #list[9] = :n', { ':n': N(4) }, { list: { L: [...(BEFORE['list']?.L ?? []), N(4)] } }],
    [
      'SET #list[2].deep = :n',
      { ':n': N(8) },
      { list: { L: [N(1), { S: 'x' }, { M: { deep: N(8) } }] } },
    ],
    ['REMOVE #list[0], #list[1]', undefined, { list: { L: [{ M: { deep: N(7) } }] } }],
    ['REMOVE #map.leaf', undefined, { map: { M: {} } }],
    ['ADD #count :n', { ':n': N('1e2') }, { count: N(105) }],
    ['ADD fresh :n', { ':n': N(1) }, { fresh: N(1) }],
    ['ADD tags :s', { ':s': { SS: ['b', 'c'] } }, { tags: { SS: ['a', 'b', 'c'] } }],
    ['DELETE tags :s', { ':s': { SS: ['b', 'z'] } }, { tags: { SS: ['a'] } }],
    [
      'SET title = :t REMOVE done ADD #count :n',
      { ':t': { S: 'x' }, ':n': N(1) },
      { title: { S: 'x' }, count: N(6) },
    ],
  ])('%s with %j', async (expression, values, changed) => {
    const { Attributes } = await update(expression, values);
    expect(Attributes).toMatchObject(changed);
  });

  it('removes what it removes, and a set of which nothing is left', async () => {
    const gone = { ':s': { SS: ['a', 'b'] } };
    const { Attributes = {} } = await update('REMOVE title DELETE tags :s', gone);
    const { title: _, tags: __, ...rest } = BEFORE;
    expect(Attributes).toEqual(rest);
  });

  it.each<[string, Values | undefined, RegExp]>([
    [
      'SET #pk = :s',
      { ':s': { S: 'x' } },
      /Cannot update attribute pk. This attribute is part of the key/,
    ],
    ['SET title = absent', undefined, /an attribute that does not exist in the item/],
    [
      'SET absent.leaf = :s',
      { ':s': { S: 'x' } },
      /document path provided in the update expression is invalid/,
    ],
    ['SET #map = :s, #map.leaf = :s', { ':s': { S: 'x' } }, /Two document paths overlap/],
    ['SET title = title + :n', { ':n': N(1) }, /incorrect data type/],
    ['ADD title :s', { ':s': { S: 'x' } }, /incorrect data type/],
    ['SET a1 = :s SET b1 = :s', { ':s': { S: 'x' } }, /can only be used once/],
    ['PUT title = :s', { ':s': { S: 'x' } }, /Syntax error/],
    ['SET title = :s', { ':s': { S: 'x'.repeat(410_000) } }, /Item size has exceeded/],
    ['SET title = :s', { ':s': N('12x') }, /cannot be converted to a numeric value: 12x/],
    ['SET title = :s', { ':s': N(`1${'2'.repeat(38)}`) }, /more than 38 significant digits/],
    ['SET title = :s', { ':s': N('1e126') }, /Number overflow/],
    ['SET title = :s', { ':s': { SS: ['a', 'a'] } }, /contains duplicates/],
  ])('%s is refused', async (expression, values, problem) => {
    await expect(update(expression, values)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(problem),
    });
    const { Attributes } = await update('REMOVE absent');
    expect(Attributes).toEqual(BEFORE);
  });

  it.each([
    ['ALL_OLD', BEFORE],
    ['ALL_NEW', { ...BEFORE, count: N(6), fresh: N(1) }],
    ['UPDATED_OLD', { count: N(5) }],
    ['UPDATED_NEW', { count: N(6), fresh: N(1) }],
    ['NONE', undefined],
  ])('answers with %s', async (ReturnValues, expected) => {
    const { Attributes } = await update(
      'ADD #count :n, fresh :n',
      { ':n': N(1) },
      { ReturnValues },
    );
    expect(Attributes).toEqual(expected);
  });

  it('keeps numbers exact, as far as they go', async () => {
    const long = '12345678901234567890123456789012345678';
    const { Attributes } = await update('SET #count = :n', { ':n': N(long) });
    expect(Attributes?.['count']).toEqual(N(long));
    const sum = await update('ADD #count :n', { ':n': N('-0.00') });
    expect(sum.Attributes?.['count']).toEqual(N(long));
    const less = await update('SET #count = #count - :n', { ':n': N(long) });
    expect(less.Attributes?.['count']).toEqual(N(0));
  });
});
