import type {
  AttributeValue,
  DynamoDBClient,
  ServiceInputTypes,
  TransactGetItem,
  TransactWriteItem,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { runExpiresMs } from '../../contract/run-expiry.ts';
import { RUNS_PARTITION } from '../../contract/table-keys.ts';

/** The attribute by which the table drops items, in seconds since 1970. */
const EXPIRY = 'expiresS';

/**
 * Makes a client give every item of a run that it writes the time at which the table drops it: so many
 * days after the start of the run, all of them at once, so that no part of a run outlives another. Items of no run
 * are left alone. 0 days: for ever, and nothing is changed.
 */
export function withExpiry(client: DynamoDBClient, days: number): DynamoDBClient {
  if (days === 0) return client;
  client.middlewareStack.add(
    (next) => (args) => {
      giveExpiry(args.input, days);
      return next(args);
    },
    { step: 'initialize', name: 'giveExpiry' },
  );
  return client;
}

/** The input is that of one request; what it was made of may be used for another one. */
function giveExpiry(input: ServiceInputTypes, days: number): void {
  if ('Item' in input) input.Item = withAttribute(input.Item, days);
  if ('UpdateExpression' in input) Object.assign(input, updateWith(input, days));
  if ('TransactItems' in input)
    Object.assign(input, {
      TransactItems: input.TransactItems?.map((item) => transactWith(item, days)),
    });
  if (!('RequestItems' in input)) return;
  for (const [table, requests = []] of Object.entries(input.RequestItems ?? {})) {
    if (Array.isArray(requests))
      Object.assign(input.RequestItems ?? {}, {
        [table]: requests.map((one) => putWith(one, days)),
      });
  }
}

function putWith(request: WriteRequest, days: number): WriteRequest {
  const { PutRequest } = request;
  if (PutRequest === undefined) return request;
  return { PutRequest: { Item: withAttribute(PutRequest.Item, days) } };
}

function transactWith(
  item: TransactWriteItem | TransactGetItem,
  days: number,
): TransactWriteItem | TransactGetItem {
  const Update = 'Update' in item ? item.Update : undefined;
  return Update === undefined
    ? item
    : { ...item, Update: { ...Update, ...updateWith(Update, days) } };
}

type Attributes = Record<string, AttributeValue>;

function withAttribute(item: Attributes | undefined, days: number): Attributes | undefined {
  const expiry = expiryOf(item, days);
  return expiry === undefined ? item : { ...item, [EXPIRY]: expiry };
}

interface Updated {
  readonly Key?: Attributes;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Attributes;
}

function updateWith(update: Updated, days: number): Partial<Updated> {
  const expiry = expiryOf(update.Key, days);
  if (expiry === undefined) return {};
  const { UpdateExpression: expression = '' } = update;
  const set = 'SET #expiry = :expiry';
  return {
    UpdateExpression: /\bSET /.test(expression)
      ? expression.replace(/\bSET /, `${set}, `)
      : `${expression} ${set}`,
    ExpressionAttributeNames: { ...update.ExpressionAttributeNames, '#expiry': EXPIRY },
    ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ':expiry': expiry },
  };
}

function expiryOf(item: Attributes | undefined, days: number): AttributeValue | undefined {
  const pk = item?.['pk']?.S ?? '';
  const expiresMs = runExpiresMs(pk === RUNS_PARTITION ? (item?.['sk']?.S ?? '') : pk, days);
  return expiresMs === undefined ? undefined : { N: String(Math.ceil(expiresMs / 1000)) };
}
