import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { createDynamo, createS3, createSqs } from '../../adapters/aws/clients.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';

/** All services, in a folder of their own that is gone with them. */
async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'emulators-'));
  const emulators = await startEmulators(folder);
  const close = async () => {
    await emulators.close();
    await rm(folder, { recursive: true });
  };
  return { connection: { ...LOCAL_IDENTITY, endpoint: emulators.url } as const, close };
}

/** Queues and buckets. */
export async function startSqsAndS3() {
  const { connection, close: stop } = await start();
  const sqs = createSqs(connection);
  const s3 = createS3(connection);
  let made = 0;
  const createQueue = async (): Promise<string> => {
    made += 1;
    const Attributes = { FifoQueue: 'true', VisibilityTimeout: '60' };
    const queue = new CreateQueueCommand({ QueueName: `tasks-${made}.fifo`, Attributes });
    return (await sqs.send(queue)).QueueUrl ?? '';
  };
  const createStandardQueue = async (): Promise<string> => {
    made += 1;
    const queue = new CreateQueueCommand({ QueueName: `deferred-${made}` });
    return (await sqs.send(queue)).QueueUrl ?? '';
  };
  const createBucket = async (): Promise<string> => {
    made += 1;
    await s3.send(new CreateBucketCommand({ Bucket: `images-${made}` }));
    return `images-${made}`;
  };
  const close = async () => {
    sqs.destroy();
    s3.destroy();
    await stop();
  };
  return { sqs, s3, createQueue, createStandardQueue, createBucket, close };
}

/** Tables. */
export async function startDynamo() {
  const { connection, close: stop } = await start();
  const dynamo = createDynamo(connection);
  let made = 0;
  const createTable = async (): Promise<string> => {
    made += 1;
    const TableName = `ledger-${made}`;
    await dynamo.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
    return TableName;
  };
  const close = async () => {
    dynamo.destroy();
    await stop();
  };
  return { dynamo, createTable, close };
}
