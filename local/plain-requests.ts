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

/**
 * Makes dynalite take a batch of puts or keys of texts as it is: by itself it copies each value along a
 * description of all types there are, an eighth of what a batch costs. What it checks after that
 * it checks as ever. Call it before dynalite is used.
 */
export function takePlainBatches(): void {
  if (taken) return;
  taken = true;
  const { checkTypes } = validations;
  validations.checkTypes = (data, types) => (isPlainBatch(data) ? data : checkTypes(data, types));
}

let taken = false;

function isPlainBatch(data: unknown): boolean {
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
