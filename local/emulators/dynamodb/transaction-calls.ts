import { AwsError } from '../aws-error.ts';
import { type Fields, isFields, objectsIn, textIn } from '../fields.ts';
import { checkParameters } from '../json-service.ts';
import { holds } from './conditions.ts';
import { type DynamoCall, type DynamoRequest, Expressions } from './dynamo-call.ts';
import { invalid } from './invalid.ts';
import { type Change, updateOf } from './item-calls.ts';
import { type ItemStore, itemOf, toStore } from './item-store.ts';
import type { TableSchema } from './table-schema.ts';
import { writeUnits } from './table-units.ts';
import type { Item } from './values.ts';

/** Most items of a transaction. */
const MAX_ITEMS = 100;
/** A transaction prepares each write and then carries it out. */
const WRITES_OF_TRANSACTION = 2;

/** Writes of several items, all or none. */
export const TRANSACTION_CALLS = {
  TransactWriteItems: {
    parameters: ['TransactItems', 'ClientRequestToken'],
    run: writeTransaction,
  },
} as const satisfies Record<string, DynamoCall>;

/** One item of a transaction. */
interface Part {
  readonly table: TableSchema;
  readonly change: Change;
  readonly expressions: Expressions;
}

/** With the item that it is about; undefined for none. */
interface FoundPart extends Part {
  readonly before: Item | undefined;
  /** Bytes of that item. */
  readonly size: number;
}

function writeTransaction({ input, store, onUnits }: DynamoRequest): string {
  const parts = objectsIn(input, 'TransactItems').map((one) => readPart(store, one));
  if (parts.length === 0 || parts.length > MAX_ITEMS)
    throw invalid(`a transaction has 1 to ${MAX_ITEMS} items`);
  const keys = parts.map(
    ({ table, change: { key } }) => `${table.id} ${key.pk.length} ${key.pk}${key.sk}`,
  );
  if (new Set(keys).size < parts.length)
    throw invalid('Transaction request cannot include multiple operations on one item');
  return store.write(() => {
    const found = parts.map((part) => find(store, part));
    const isMet = found.map(meets);
    if (isMet.includes(false)) throw cancelled(isMet);
    const units = found.map((part) => carryOut(store, part));
    onUnits({
      written: WRITES_OF_TRANSACTION * units.reduce((sum, one) => sum + one, 0),
      read: 0,
    });
    return '{}';
  });
}

function readPart(store: ItemStore, given: Fields): Part {
  const [kind = '', ...more] = Object.keys(given);
  const update = given['Update'];
  if (more.length > 0 || !isFields(update))
    throw invalid(`TransactWriteItems: ${kind} is not supported on this machine`);
  checkParameters('TransactWriteItems: Update', update, [
    'TableName',
    'Key',
    'UpdateExpression',
    'ConditionExpression',
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
  ]);
  const table = store.table(textIn(update, 'TableName'));
  const expressions = new Expressions(update);
  const change = updateOf(update, table, expressions);
  return { table, change, expressions };
}

function find(store: ItemStore, part: Part): FoundPart {
  const found = store.get(part.table, part.change.key);
  return { ...part, before: found && itemOf(found), size: found?.size ?? 0 };
}

function meets({ expressions, before }: FoundPart): boolean {
  const condition = expressions.condition();
  expressions.names.mustBeUsed();
  return condition === undefined || holds(condition, before, expressions.names);
}

function carryOut(store: ItemStore, { table, change, before, size }: FoundPart): number {
  const after = change.after(before);
  const stored = after && toStore(change.key, after);
  if (stored !== undefined) store.put(table, stored);
  return writeUnits(size, stored?.size ?? 0);
}

function cancelled(isMet: readonly boolean[]): AwsError {
  const codes = isMet.map((met) => (met ? 'None' : 'ConditionalCheckFailed'));
  const CancellationReasons = codes.map((Code) =>
    Code === 'None' ? { Code } : { Code, Message: 'The conditional request failed' },
  );
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    400,
    { CancellationReasons },
  );
}
