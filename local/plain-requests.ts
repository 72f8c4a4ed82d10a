import database from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';

/** What is known of a request that writes or reads a batch. */
interface Batch {
  readonly RequestItems: Readonly<Record<string, unknown>>;
}

/** What a read of a batch may ask for, and how that is checked. */
const READ: Readonly<Record<string, (value: unknown) => boolean>> = {
  Keys: (keys) => Array.isArray(keys) && keys.every(isItem),
  ConsistentRead: (flag) => typeof flag === 'boolean',
  ProjectionExpression: (expression) => typeof expression === 'string',
  ExpressionAttributeNames: (names) =>
    isRecord(names) && Object.values(names).every((name) => typeof name === 'string'),
};

/** Most puts and most keys of a request. */
const MAX_PUTS = 25;
const MAX_KEYS = 100;
const TABLE_NAME = /^[\w.-]{3,255}$/;

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
  const usual = new WeakSet<object>();
  validations.checkTypes = (data, types) => {
    if (!isPlainBatch(data)) return checkTypes(data, types);
    if (isUsual(data)) usual.add(data);
    return data;
  };
  validations.checkValidations = (data, types, custom, store) => {
    if (!isBatch(data) || !usual.has(data)) return checkValidations(data, types, custom, store);
    const problem = custom?.(data, store);
    if (problem) throw database.validationError(problem);
  };
}

let taken = false;

/** Whether it is within what dynalite would look at: one table, its name, and how much is asked of it. */
function isUsual({ RequestItems }: Batch): boolean {
  const [[name, of] = ['', undefined], ...more] = Object.entries(RequestItems);
  if (more.length > 0 || !TABLE_NAME.test(name)) return false;
  const puts = Array.isArray(of) ? of : [];
  const keys = isRecord(of) && Array.isArray(of['Keys']) ? of['Keys'] : [];
  const count = puts.length + keys.length;
  return count > 0 && puts.length <= MAX_PUTS && keys.length <= MAX_KEYS;
}

function isPlainBatch(data: unknown): data is Batch {
  if (!isBatch(data) || Object.keys(data).length > 1) return false;
  return Object.values(data.RequestItems).every((of) => {
    return Array.isArray(of) ? of.every(isPut) : isRead(of);
  });
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
  if (!isRecord(request)) return false;
  return Object.entries(request).every(([name, value]) => READ[name]?.(value) === true);
}

function isItem(item: unknown): boolean {
  return isRecord(item) && Object.values(item).every(isText);
}

function isText(value: unknown): boolean {
  return isRecord(value) && typeof value['S'] === 'string' && Object.keys(value).length === 1;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
