import type { DynamoDBClient, ServiceInputTypes as DynamoInput } from '@aws-sdk/client-dynamodb';
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
 * A client of DynamoDB whose requests are charged, an item as one unit: what is written here is
 * below 1 KiB, but for the bodies of tasks that workers make, and what is read below 4 KiB.
 */
export function meteredDynamo(client: DynamoDBClient, charge: Charge): DynamoDBClient {
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const billed = READS.has(commandName ?? '') ? 'tableReadUnits' : 'tableWriteUnits';
        charge(billed, itemsIn(args.input));
        return next(args);
      },
    METER,
  );
  return client;
}

const READS: ReadonlySet<string> = new Set(['GetItemCommand', 'BatchGetItemCommand']);

/** A client of S3 whose requests are charged. */
export function meteredS3(client: S3Client, charge: Charge): S3Client {
  client.middlewareStack.add(
    (next) => (args) => {
      const isWrite = 'Body' in args.input || 'CopySource' in args.input;
      charge(isWrite ? 'objectWrites' : 'objectReads', 1);
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

function itemsIn(input: DynamoInput): number {
  if (!('RequestItems' in input)) return 1;
  return Object.values(input.RequestItems ?? {}).reduce((sum, items) => {
    return sum + (Array.isArray(items) ? items.length : (items.Keys?.length ?? 0));
  }, 0);
}
