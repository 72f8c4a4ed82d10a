import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { withPlainBatches } from './plain-batches.ts';

/** Where a client goes, and as whom; what is absent comes from the environment. */
export interface Connection {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * SQS through the endpoint of the client. By default the SDK goes to the host that a queue URL
 * names: a URL of an emulator would then reach, and be billed by, the real AWS.
 */
export function createSqs(connection: Connection = {}): SQSClient {
  return quiet(new SQSClient({ ...connection, useQueueUrlAsEndpoint: false }));
}

/** DynamoDB; the endpoint of an emulator comes from here or from the environment. */
export function createDynamo(connection: Connection = {}): DynamoDBClient {
  return withPlainBatches(quiet(new DynamoDBClient(connection)));
}

/** S3 with paths, the style that every emulator understands. */
export function createS3(connection: Connection = {}): S3Client {
  return quiet(new S3Client({ ...connection, forcePathStyle: true }));
}

/** Lambda, for functions that invoke functions. */
export function createLambda(connection: Connection = {}): LambdaClient {
  return quiet(new LambdaClient(connection));
}

interface HasMiddleware {
  readonly middlewareStack: { remove(name: string): boolean };
}

/**
 * Without the SDK's own log, which nobody reads here: it copies every request and answer to hide
 * what is sensitive in them, for 3 % of a worker's CPU.
 */
function quiet<Client extends HasMiddleware>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
