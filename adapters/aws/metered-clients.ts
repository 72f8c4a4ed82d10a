import type {
  AttributeValue,
  DynamoDBClient,
  ServiceInputTypes as DynamoInput,
  ServiceOutputTypes as DynamoOutput,
  TransactGetItem,
  TransactWriteItem,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type {
  SQSClient,
  ServiceInputTypes as SqsInput,
  ServiceOutputTypes as SqsOutput,
} from '@aws-sdk/client-sqs';
import type { Usage } from '../../contract/prices.ts';

/** Puts what is asked of AWS on somebody's bill. */
export type Charge = (billed: keyof Usage, count: number) => void;

/** What SQS counts as one request, in bytes of payload. */
const SQS_REQUEST_BYTES = 64 * 1024;

/** Before a request is made, and once for all its retries: throttled ones are not billed. */
const METER = { step: 'initialize', name: 'meter' } as const;

/** A client of SQS whose requests are charged. */
export function meteredSqs(client: SQSClient, charge: Charge): SQSClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      charge('queueRequests', sqsRequestsFor(payloadOf(args.input)));
      const answer = await next(args);
      // A receive is billed by what it brings: its first 64 KiB are the request itself.
      charge('queueRequests', sqsRequestsFor(bytesReceived(answer.output)) - 1);
      return answer;
    },
    METER,
  );
  return client;
}

/** What SQS counts for so many bytes of payload. */
export function sqsRequestsFor(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / SQS_REQUEST_BYTES));
}

/**
 * A client of DynamoDB whose requests are charged: what is written by its size, an item that is read
 * as one unit, since those are below 4 KiB, and a query by what its answer says it cost.
 */
export function meteredDynamo(client: DynamoDBClient, charge: Charge): DynamoDBClient {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'QueryCommand') {
          const isRead = READS.has(commandName ?? '');
          charge(isRead ? 'tableReadUnits' : 'tableWriteUnits', unitsIn(args.input));
          return next(args);
        }
        const answer = await next(args);
        charge('tableReadUnits', unitsOfQuery(answer.output));
        return answer;
      },
    METER,
  );
  return client;
}

const READS: ReadonlySet<string> = new Set(['GetItemCommand', 'BatchGetItemCommand']);

/** What S3 bills as a write; of an upload in parts its beginning and its end, too. */
const OBJECT_WRITES: ReadonlySet<string> = new Set([
  'PutObjectCommand',
  'CopyObjectCommand',
  'CreateMultipartUploadCommand',
  'UploadPartCommand',
  'CompleteMultipartUploadCommand',
]);

/** A client of S3 whose requests are charged. */
export function meteredS3(client: S3Client, charge: Charge): S3Client {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        charge(OBJECT_WRITES.has(commandName) ? 'objectWrites' : 'objectReads', 1);
        return next(args);
      },
    METER,
  );
  return client;
}

function payloadOf(input: SqsInput): number {
  const entries = 'Entries' in input ? (input.Entries ?? []) : [];
  return entries.reduce((sum, entry) => {
    return sum + ('MessageBody' in entry ? (entry.MessageBody?.length ?? 0) : 0);
  }, 0);
}

function bytesReceived(output: SqsOutput): number {
  const messages = 'Messages' in output ? (output.Messages ?? []) : [];
  return messages.reduce((sum, { Body = '' }) => sum + Body.length, 0);
}

/** Units of a request, as far as it tells: one for each item that is read, and for each KiB written. */
function unitsIn(input: DynamoInput): number {
  if ('Item' in input) return kibibytes(input.Item);
  if ('TransactItems' in input) return 2 * unitsOfUpdates(input.TransactItems ?? []);
  if (!('RequestItems' in input)) return 1;
  return Object.values(input.RequestItems ?? {}).reduce((sum, items) => {
    return sum + (Array.isArray(items) ? unitsOfPuts(items) : (items.Keys?.length ?? 0));
  }, 0);
}

/** Of a transaction: each of its writes counts twice. */
function unitsOfUpdates(items: readonly (TransactWriteItem | TransactGetItem)[]): number {
  return items.reduce((sum, item) => {
    const update = 'Update' in item ? item.Update : undefined;
    return sum + kibibytes(update?.ExpressionAttributeValues);
  }, 0);
}

function unitsOfPuts(requests: readonly WriteRequest[]): number {
  return requests.reduce((sum, { PutRequest }) => sum + kibibytes(PutRequest?.Item), 0);
}

/** What is long are texts and bytes; each item is one unit at least. */
function kibibytes(item: Readonly<Record<string, AttributeValue>> = {}): number {
  const sizes = Object.entries(item).map(([name, { S, B }]) => name.length + (S ?? B ?? '').length);
  return Math.max(1, Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1024));
}

function unitsOfQuery(output: DynamoOutput): number {
  const consumed = 'ConsumedCapacity' in output ? output.ConsumedCapacity : undefined;
  const isKnown = consumed !== undefined && 'CapacityUnits' in consumed;
  return isKnown ? (consumed.CapacityUnits ?? 0) : 0;
}
