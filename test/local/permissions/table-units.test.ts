import { expect, it } from 'vitest';
import { tableUnits } from '../../../local/permissions/table-units.ts';

const item = (bytes: number) => ({ pk: { S: 'p' }, body: { S: 'x'.repeat(bytes) } });
const keys = (count: number) => Array.from({ length: count }, () => ({ pk: { S: 'p' } }));
const puts = (...sizes: readonly number[]) =>
  sizes.map((size) => ({ PutRequest: { Item: item(size) } }));

it.each([
  ['PutItem', { Item: item(10) }, 1, 0],
  ['PutItem', { Item: item(1024) }, 2, 0],
  ['UpdateItem', { ExpressionAttributeValues: { ':a': { N: '1' } } }, 1, 0],
  ['UpdateItem', { ExpressionAttributeValues: { ':a': { S: 'x'.repeat(3000) } } }, 3, 0],
  ['DeleteItem', { Key: {} }, 1, 0],
  ['BatchWriteItem', { RequestItems: { t: puts(1, 900, 1500), u: puts(5) } }, 5, 0],
  ['GetItem', { Key: {}, ConsistentRead: true }, 0, 1],
  ['GetItem', { Key: {} }, 0, 0.5],
  ['BatchGetItem', { RequestItems: { t: { Keys: keys(98), ConsistentRead: true } } }, 0, 98],
  ['BatchGetItem', { RequestItems: { t: { Keys: keys(3) } } }, 0, 1.5],
  ['Query', {}, 0, 0],
  ['PutItem', undefined, 1, 0],
])('%s of %j costs %d written and %d read', (operation, body, written, read) => {
  expect(tableUnits(operation, body)).toEqual({ written, read });
});
