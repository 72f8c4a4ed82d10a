import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from '../local-clients.ts';
import type { Physical } from './intrinsics.ts';
import type { QueueProperties, TableProperties } from './resource-schemas.ts';

const { region } = LOCAL_IDENTITY;

/** Creates a queue in the emulator. */
export async function createQueue(
  sqs: SQSClient,
  name: string,
  properties: QueueProperties,
): Promise<Physical> {
  const {
    RedrivePolicy,
    Tags: _,
    SqsManagedSseEnabled: __,
    KmsMasterKeyId: ___,
    ...rest
  } = properties;
  const texts = Object.entries(rest).map(([key, value]) => [key, String(value)]);
  const redrive = RedrivePolicy && { RedrivePolicy: JSON.stringify(RedrivePolicy) };
  const Attributes = { ...Object.fromEntries(texts), ...redrive };
  const QueueName = rest.FifoQueue ? `${name}.fifo` : name;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const { Attributes: made } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return { ref: QueueUrl, attributes: { Arn: made?.QueueArn ?? '', QueueName } };
}

/** Creates a table in the emulator; one that an earlier run left there is the same. */
export async function createTable(
  dynamo: DynamoDBClient,
  TableName: string,
  { AttributeDefinitions, KeySchema, BillingMode }: TableProperties,
): Promise<Physical> {
  const table = { TableName, AttributeDefinitions, KeySchema, BillingMode };
  try {
    await dynamo.send(new CreateTableCommand(table));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceInUseException')) throw error;
  }
  await untilActive(dynamo, TableName);
  const Arn = `arn:aws:dynamodb:${region}:${LOCAL_ACCOUNT}:table/${TableName}`;
  return { ref: TableName, attributes: { Arn } };
}

/** A table is created behind the answer, here as in AWS. */
async function untilActive(dynamo: DynamoDBClient, TableName: string): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(20);
  }
  throw new Error(`table ${TableName} does not become active`);
}

/** Creates a bucket in the emulator. */
export async function createBucket(s3: S3Client, name: string): Promise<Physical> {
  const Bucket = name.toLowerCase();
  try {
    await s3.send(new CreateBucketCommand({ Bucket }));
  } catch (error) {
    // A server that outlives us has it from an earlier run.
    if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error;
  }
  return { ref: Bucket, attributes: { Arn: `arn:aws:s3:::${Bucket}` } };
}

/** A function, a role, a rule or a key needs no creation, only a name. */
export function nameOnly(
  service: 'lambda' | 'iam' | 'logs' | 'events' | 'kms',
  name: string,
): Physical {
  const paths = {
    lambda: `lambda:${region}:${LOCAL_ACCOUNT}:function:${name}`,
    iam: `iam::${LOCAL_ACCOUNT}:role/${name}`,
    events: `events:${region}:${LOCAL_ACCOUNT}:rule/${name}`,
    kms: `kms:${region}:${LOCAL_ACCOUNT}:key/${name}`,
    logs: `logs:${region}:${LOCAL_ACCOUNT}:log-group:${name}:*`,
  };
  return { ref: name, attributes: { Arn: `arn:aws:${paths[service]}` } };
}
