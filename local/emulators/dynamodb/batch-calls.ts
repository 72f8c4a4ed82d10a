import { type Fields, isFields, objectsIn } from '../fields.ts';
import type { Path } from './document-path.ts';
import { consumed, type DynamoCall, type DynamoRequest, Expressions } from './dynamo-call.ts';
import { invalid, invalidValue } from './invalid.ts';
import { jsonOfItem } from './item-calls.ts';
import { type ItemStore, type StoredItem, toStore } from './item-store.ts';
import {
  keyOfItem,
  keyOfRequest,
  requestItemsOf,
  type StoredKey,
  type TableSchema,
} from './table-schema.ts';
import { readUnits, writeUnits } from './table-units.ts';
import { readItem, sizedItem } from './values.ts';

/** Most items of a request. */
const MAX_WRITES = 25;
const MAX_READS = 100;
/** Most bytes of the items of a request that writes, and of an answer to one that reads. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Calls for several items of one or more tables. */
export const BATCH_CALLS = {
  BatchWriteItem: { parameters: ['RequestItems', 'ReturnConsumedCapacity'], run: writeBatch },
  BatchGetItem: { parameters: ['RequestItems', 'ReturnConsumedCapacity'], run: readBatch },
} as const satisfies Record<string, DynamoCall>;

/** A put where `item` is given, or else a deletion. */
interface Write {
  readonly table: TableSchema;
  readonly key: StoredKey;
  readonly item?: StoredItem;
}

function writeBatch({ input, store, onUnits }: DynamoRequest): string {
  const writes = requestItemsOf(input).flatMap(([name, requests]) => {
    const table = store.table(name);
    return objectsIn({ requests }, 'requests').map((one) => readWrite(table, one));
  });
  if (writes.length === 0 || writes.length > MAX_WRITES)
    throw invalid(
      `1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to ${MAX_WRITES}, Member must have length greater than or equal to 1]`,
    );
  mustDiffer(writes);
  const bytes = writes.reduce((sum, { item }) => sum + (item?.size ?? 0), 0);
  if (bytes > MAX_BYTES) throw invalid('Too many bytes in a BatchWriteItem request');
  const units = store.write(() => writes.map((one) => carryOut(store, one)));
  onUnits({ written: units.reduce((sum, one) => sum + one, 0), read: 0 });
  return JSON.stringify({ UnprocessedItems: {}, ...consumedBy(input, writes, units) });
}

function readWrite(table: TableSchema, request: Fields): Write {
  const [kind = '', ...more] = Object.keys(request);
  const content = request[kind];
  if (more.length > 0 || !isFields(content))
    throw invalidValue('each request is one put or one deletion');
  if (kind === 'PutRequest') {
    const { item, size } = sizedItem(content['Item']);
    const key = keyOfItem(table, item);
    return { table, key, item: toStore(key, item, size) };
  }
  if (kind !== 'DeleteRequest') throw invalidValue(`${kind} is no request of a batch`);
  return { table, key: keyOfRequest(table, readItem(content['Key'])) };
}

/** What it costs. */
function carryOut(store: ItemStore, { table, key, item }: Write): number {
  const before = store.sizeOf(table, key);
  if (item === undefined) store.delete(table, key);
  else store.put(table, item);
  return writeUnits(before, item?.size ?? 0);
}

function mustDiffer(
  all: readonly { readonly table: TableSchema; readonly key: StoredKey }[],
): void {
  const keys = new Set(
    all.map(({ table, key }) => `${table.id} ${key.pk.length} ${key.pk}${key.sk}`),
  );
  if (keys.size < all.length) throw invalid('Provided list of item keys contains duplicates');
}

/** Keys of one table that are read, and what of them. */
interface Reads {
  readonly table: TableSchema;
  readonly keys: readonly {
    readonly given: Fields;
    readonly key: StoredKey;
    readonly table: TableSchema;
  }[];
  readonly paths: readonly Path[] | undefined;
  readonly isConsistent: boolean;
  readonly request: Fields;
}

const READ_PARAMETERS: ReadonlySet<string> = new Set([
  'Keys',
  'ConsistentRead',
  'ProjectionExpression',
  'ExpressionAttributeNames',
]);

function readBatch({ input, store, onUnits }: DynamoRequest): string {
  const reads = requestItemsOf(input).map(([name, request]) => readsOf(store.table(name), request));
  const keys = reads.flatMap((one) => one.keys);
  if (keys.length > MAX_READS) throw invalid('Too many items requested for the BatchGetItem call');
  mustDiffer(keys);
  let room = MAX_BYTES;
  const units: number[] = [];
  const left: Record<string, unknown> = {};
  const answers = reads.map(({ table, request, paths, isConsistent, keys: all }) => {
    const items: string[] = [];
    const unprocessed: Fields[] = [];
    for (const { given, key } of all) {
      const found = room > 0 ? store.get(table, key) : undefined;
      if (room <= 0 || (found?.size ?? 0) > room) {
        room = 0;
        unprocessed.push(given);
        continue;
      }
      room -= found?.size ?? 0;
      units.push(readUnits(found?.size ?? 0, isConsistent));
      if (found !== undefined) items.push(jsonOfItem(found, paths));
    }
    if (unprocessed.length > 0) left[table.name] = { ...request, Keys: unprocessed };
    return `${JSON.stringify(table.name)}:[${items.join(',')}]`;
  });
  onUnits({ written: 0, read: units.reduce((sum, one) => sum + one, 0) });
  const rest = JSON.stringify({ UnprocessedKeys: left, ...consumedBy(input, keys, units) });
  return `{"Responses":{${answers.join(',')}},${rest.slice(1)}`;
}

function readsOf(table: TableSchema, given: unknown): Reads {
  const request = isFields(given) ? given : {};
  const unknown = Object.keys(request).find((name) => !READ_PARAMETERS.has(name));
  if (unknown !== undefined)
    throw invalid(`BatchGetItem: ${unknown} is not supported on this machine`);
  const expressions = new Expressions(request);
  const paths = expressions.projection();
  expressions.names.mustBeUsed();
  const keys = objectsIn(request, 'Keys').map((key) => {
    return { table, given: key, key: keyOfRequest(table, readItem(key)) };
  });
  if (keys.length === 0)
    throw invalid(
      "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  return { table, request, paths, keys, isConsistent: request['ConsistentRead'] === true };
}

function consumedBy(
  input: Fields,
  all: readonly { readonly table: TableSchema }[],
  units: readonly number[],
) {
  const sums = new Map<TableSchema, number>();
  for (const [at, { table }] of all.entries())
    sums.set(table, (sums.get(table) ?? 0) + (units[at] ?? 0));
  const each = [...sums].flatMap(([table, sum]) => Object.values(consumed(input, table, sum)));
  return each.length === 0 ? {} : { ConsumedCapacity: each };
}
