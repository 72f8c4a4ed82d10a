import validations from 'dynalite/validations/index.js';

/** What is known of a request that writes a batch. */
interface Batch {
  readonly RequestItems: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * Makes dynalite take a batch of puts of texts as it is: by itself it copies each value along a
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
  return Object.values(data.RequestItems).every((puts) => Array.isArray(puts) && puts.every(isPut));
}

function isBatch(data: unknown): data is Batch {
  return isRecord(data) && isRecord(data['RequestItems']);
}

/** Exactly `{ PutRequest: { Item: { name: { S: 'text' }, … } } }`. */
function isPut(request: unknown): boolean {
  if (!isRecord(request) || Object.keys(request).length > 1) return false;
  const { PutRequest: put } = request;
  if (!isRecord(put) || Object.keys(put).length > 1 || !isRecord(put['Item'])) return false;
  return Object.values(put['Item']).every(isText);
}

function isText(value: unknown): boolean {
  return isRecord(value) && typeof value['S'] === 'string' && Object.keys(value).length === 1;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
