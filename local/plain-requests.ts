import database from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';

/** What is known of a request that writes or reads a batch. */
interface Batch {
  readonly RequestItems: Readonly<Record<string, unknown>>;
}

/** Most puts and most keys of a request. */
const MAX_PUTS = 25;
const MAX_KEYS = 100;
const SHORT_NUMBER = /^(?:0|[1-9]\d{0,14})$/;
const TABLE_NAME = /^[\w.-]{3,255}$/;

/** What a read of a batch may ask for, and how that is checked. */
const READ: Readonly<Record<string, (value: unknown) => boolean>> = {
  Keys: (keys) => isFew(keys, MAX_KEYS) && keys.every(isItem),
  ConsistentRead: (flag) => typeof flag === 'boolean',
  ProjectionExpression: (expression) => typeof expression === 'string',
  ExpressionAttributeNames: (names) =>
    isRecord(names) && Object.values(names).every((name) => typeof name === 'string'),
};

/**
 * Makes dynalite take a batch of puts or keys of texts as it is: by itself it copies each value along a
 * description of all types there are, and then walks it along another one to see that it has none
 * that is too long: a fifth of what a batch costs. What it checks of the items after that it checks
 * as ever. Call it before dynalite is used.
 */
export function takePlainBatches(): void {
  if (taken) return;
  taken = true;
  const { checkTypes, checkValidations } = validations;
  const plain = new WeakSet<object>();
  validations.checkTypes = (data, types) => {
    if (!isPlainBatch(data)) return checkTypes(data, types);
    plain.add(data);
    return data;
  };
  validations.checkValidations = (data, types, custom, store) => {
    if (!isRecord(data) || !plain.has(data)) return checkValidations(data, types, custom, store);
    const problem = custom?.(data, store);
    if (problem) throw database.validationError(problem);
  };
}

let taken = false;

/** Of one table, and with a name and as much as dynalite would let pass. */
function isPlainBatch(data: unknown): data is Batch {
  if (!isBatch(data) || Object.keys(data).length > 1) return false;
  const [[name, of] = ['', undefined], ...more] = Object.entries(data.RequestItems);
  if (more.length > 0 || !TABLE_NAME.test(name)) return false;
  return (isFew(of, MAX_PUTS) && of.every(isPut)) || isRead(of);
}

function isFew(list: unknown, most: number): list is readonly unknown[] {
  return Array.isArray(list) && list.length > 0 && list.length <= most;
}

function isBatch(data: unknown): data is Batch {
  return isRecord(data) && isRecord(data['RequestItems']);
}

/** Exactly `{ PutRequest: { Item: { name: { S: 'text' }, … } } }`. */
function isPut(request: unknown): boolean {
  if (!isRecord(request) || Object.keys(request).length > 1) return false;
  const { PutRequest: put } = request;
  return isRecord(put) && Object.keys(put).length === 1 && isItem(put['Item']);
}

function isRead(request: unknown): boolean {
  if (!isRecord(request) || !('Keys' in request)) return false;
  return Object.entries(request).every(([name, value]) => READ[name]?.(value) === true);
}

function isItem(item: unknown): boolean {
  return isRecord(item) && Object.values(item).every(isPlainValue);
}

/** A text, or a number that dynalite would keep as it is written. */
function isPlainValue(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).length !== 1) return false;
  const { S: text, N: number } = value;
  return typeof text === 'string' || (typeof number === 'string' && SHORT_NUMBER.test(number));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
