import { type Fields, optionalWhole, textIn } from '../fields.ts';
import { type Condition, holds } from './conditions.ts';
import { projected } from './document-path.ts';
import {
  consumed,
  type DynamoCall,
  type DynamoRequest,
  Expressions,
  jsonOf,
} from './dynamo-call.ts';
import { invalid } from './invalid.ts';
import { itemOf, type StoredItem } from './item-store.ts';
import { readKeyRange } from './key-range.ts';
import { keyAttributes, keyOfRequest, type StoredKey, type TableSchema } from './table-schema.ts';
import { readUnits } from './table-units.ts';
import { readItem } from './values.ts';

/** Most bytes of items that one request looks at. */
const MAX_PAGE_BYTES = 1024 * 1024;
const MOST = 1_000_000_000;
const BOTH = [
  'TableName',
  'FilterExpression',
  'ProjectionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'Limit',
  'ConsistentRead',
  'ReturnConsumedCapacity',
];

/**
 * Calls for many items in order. Their units are counted where the caller asks for them: functions
 * meter themselves, and what a person's command reads is no cost of a crawl.
 */
export const QUERY_CALLS = {
  Query: { parameters: [...BOTH, 'KeyConditionExpression', 'ScanIndexForward'], run: query },
  Scan: { parameters: BOTH, run: scan },
} as const satisfies Record<string, DynamoCall>;

function query(request: DynamoRequest): string {
  const { input, store } = request;
  const table = store.table(textIn(input, 'TableName'));
  const expressions = new Expressions(input);
  const condition = expressions.keyCondition();
  if (condition === undefined)
    throw invalid(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  const range = readKeyRange(table, condition, expressions.names);
  const isReversed = input['ScanIndexForward'] === false;
  const start = startOf(input, table);
  if (start !== undefined && !range.holds(start))
    throw invalid(
      'The provided starting key is outside query boundaries based on provided conditions',
    );
  const rows = store.range(table, { ...range.from(start, isReversed), isReversed });
  return page(request, table, expressions, rows, range.includes);
}

function scan(request: DynamoRequest): string {
  const { input, store } = request;
  const table = store.table(textIn(input, 'TableName'));
  const rows = store.all(table, startOf(input, table));
  return page(request, table, new Expressions(input), rows);
}

function startOf(input: Fields, table: TableSchema): StoredKey | undefined {
  const key = input['ExclusiveStartKey'];
  return key === undefined || key === null ? undefined : keyOfRequest(table, readItem(key));
}

function page(
  { input, onUnits }: DynamoRequest,
  table: TableSchema,
  expressions: Expressions,
  rows: Iterable<StoredItem>,
  includes: (sk: string) => boolean = () => true,
): string {
  const filter = expressions.filter();
  const paths = expressions.projection();
  expressions.names.mustBeUsed();
  const limit = optionalWhole(input, 'Limit', [1, MOST]) ?? MOST;
  const items: string[] = [];
  let [bytes, looked] = [0, 0];
  let last: StoredItem | undefined;
  for (const row of rows) {
    if (!includes(row.sk)) break;
    bytes += row.size;
    looked += 1;
    const json = shown(row, filter, expressions, paths);
    if (json !== undefined) items.push(json);
    if (looked === limit || bytes >= MAX_PAGE_BYTES) {
      last = row;
      break;
    }
  }
  const units = readUnits(bytes, input['ConsistentRead'] === true);
  if (input['ReturnConsumedCapacity'] !== undefined) onUnits({ written: 0, read: units });
  const next = last && { LastEvaluatedKey: keyAttributes(table, itemOf(last)) };
  const counts = { Count: items.length, ScannedCount: looked, ...next };
  return jsonOf({ ...counts, ...consumed(input, table, units) }, { Items: `[${items.join(',')}]` });
}

function shown(
  row: StoredItem,
  filter: Condition | undefined,
  { names }: Expressions,
  paths: ReturnType<Expressions['projection']>,
): string | undefined {
  if (filter === undefined && paths === undefined) return row.json;
  const item = itemOf(row);
  if (filter !== undefined && !holds(filter, item, names)) return undefined;
  return paths === undefined ? row.json : JSON.stringify(projected(item, paths));
}
