import { AwsError } from '../aws-error.ts';
import { type Fields, textIn } from '../fields.ts';
import { holds } from './conditions.ts';
import { type Path, projected } from './document-path.ts';
import {
  consumed,
  type DynamoCall,
  type DynamoRequest,
  Expressions,
  jsonOf,
} from './dynamo-call.ts';
import { invalid, invalidValue } from './invalid.ts';
import { itemOf, type StoredItem, toStore } from './item-store.ts';
import { keyOfItem, keyOfRequest, type TableSchema } from './table-schema.ts';
import { readUnits, writeUnits } from './table-units.ts';
import { placesOf, updated } from './updates.ts';
import { type Item, readItem } from './values.ts';

const EXPRESSION = ['ExpressionAttributeNames', 'ExpressionAttributeValues'];
const WRITE = [
  'TableName',
  'ConditionExpression',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
  'ReturnConsumedCapacity',
  ...EXPRESSION,
];

/** Calls for one item. */
export const ITEM_CALLS = {
  GetItem: {
    parameters: [
      'TableName',
      'Key',
      'ConsistentRead',
      'ProjectionExpression',
      'ExpressionAttributeNames',
      'ReturnConsumedCapacity',
    ],
    run: getItem,
  },
  PutItem: { parameters: ['Item', ...WRITE], run: (request) => writeItem(request, putOf) },
  UpdateItem: {
    parameters: ['Key', 'UpdateExpression', ...WRITE],
    run: (request) => writeItem(request, updateOf),
  },
  DeleteItem: { parameters: ['Key', ...WRITE], run: (request) => writeItem(request, deleteOf) },
} as const satisfies Record<string, DynamoCall>;

function getItem({ input, store, onUnits }: DynamoRequest): string {
  const table = store.table(textIn(input, 'TableName'));
  const expressions = new Expressions(input);
  const paths = expressions.projection();
  expressions.names.mustBeUsed();
  const found = store.get(table, keyOfRequest(table, readItem(input['Key'])));
  const read = readUnits(found?.size ?? 0, input['ConsistentRead'] === true);
  onUnits({ written: 0, read });
  return jsonOf(consumed(input, table, read), { Item: found && jsonOfItem(found, paths) });
}

/** An item, or those places of it that are asked for, as JSON. */
export function jsonOfItem(found: StoredItem, paths: readonly Path[] | undefined): string {
  return paths === undefined ? found.json : JSON.stringify(projected(itemOf(found), paths));
}

/** What a write makes of the item that it finds. */
export interface Change {
  readonly key: ReturnType<typeof keyOfItem>;
  /** The item afterwards; undefined for none. */
  after(before: Item | undefined): Item | undefined;
  /** The places that are changed; undefined for all. */
  readonly places?: readonly Path[];
}

type ReadChange = (input: Fields, table: TableSchema, expressions: Expressions) => Change;

const putOf: ReadChange = (input, table) => {
  const item = readItem(input['Item']);
  return { key: keyOfItem(table, item), after: () => item };
};

const deleteOf: ReadChange = (input, table) => {
  return { key: keyOfRequest(table, readItem(input['Key'])), after: () => undefined };
};

/** What an update makes of an item. Without an expression it only makes sure that the item is there. */
export const updateOf: ReadChange = (input, table, expressions) => {
  const key = readItem(input['Key']);
  const update = expressions.update() ?? [];
  const places = placesOf(update, expressions.names);
  const part = places.find(([name]) => name === table.hash.name || name === table.range?.name);
  if (part !== undefined)
    throw invalidValue(`Cannot update attribute ${part[0]}. This attribute is part of the key`);
  const after = (before: Item = key) => updated(before, update, expressions.names);
  return { key: keyOfRequest(table, key), after, places };
};

/** Reads, checks and writes one item, all in one. */
function writeItem(request: DynamoRequest, readChange: ReadChange): string {
  const { input, store, onUnits } = request;
  const table = store.table(textIn(input, 'TableName'));
  const expressions = new Expressions(input);
  const condition = expressions.condition();
  const change = readChange(input, table, expressions);
  expressions.names.mustBeUsed();
  const wanted = returnValues(input, readChange === updateOf);
  return store.write(() => {
    const found = store.get(table, change.key);
    const before = found && itemOf(found);
    if (condition !== undefined && !holds(condition, before, expressions.names)) {
      const units = writeUnits(found?.size ?? 0, 0);
      onUnits({ written: units, read: 0 });
      throw conditionFailed(input, before);
    }
    const after = change.after(before);
    const stored = after && toStore(change.key, after);
    if (stored !== undefined) store.put(table, stored);
    else if (found !== undefined) store.delete(table, change.key);
    const written = writeUnits(found?.size ?? 0, stored?.size ?? 0);
    onUnits({ written, read: 0 });
    const Attributes = attributesOf(wanted, before, after, change.places);
    return JSON.stringify({ Attributes, ...consumed(input, table, written) });
  });
}

function conditionFailed(input: Fields, before: Item | undefined): AwsError {
  const isWanted = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  const details = isWanted && before !== undefined ? { Item: before } : {};
  return new AwsError(
    'ConditionalCheckFailedException',
    'The conditional request failed',
    400,
    details,
  );
}

function returnValues(input: Fields, isUpdate: boolean): string {
  const wanted = String(input['ReturnValues'] ?? 'NONE');
  const known = isUpdate
    ? ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']
    : ['NONE', 'ALL_OLD'];
  if (!known.includes(wanted)) throw invalid('Return values set to invalid value');
  return wanted;
}

function attributesOf(
  wanted: string,
  before: Item | undefined,
  after: Item | undefined,
  places: readonly Path[] | undefined,
): Item | undefined {
  const item = wanted.endsWith('OLD') ? before : after;
  if (wanted === 'NONE' || item === undefined) return undefined;
  return wanted.startsWith('ALL') ? item : projected(item, places ?? []);
}
