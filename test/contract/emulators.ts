import type { Server } from 'node:http';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import { type Connection, createDynamo, createS3, createSqs } from '../../adapters/aws/clients.ts';

const IDENTITY = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;

/** SQS and S3 in memory. */
export async function startSqsAndS3() {
  const app = buildApp({ logger: false, host: 'localhost' });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const connection: Connection = { ...IDENTITY, endpoint };
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
    app.server.closeAllConnections();
    await app.close();
  };
  return { sqs, s3, createQueue, createStandardQueue, createBucket, close };
}

/** DynamoDB in memory. */
export async function startDynamo() {
  const server = dynalite({ createTableMs: 0 });
  const dynamo = createDynamo({ ...IDENTITY, endpoint: await listen(server) });
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
    while (!(await isActive(dynamo, TableName)));
    return TableName;
  };
  const close = async () => {
    dynamo.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { dynamo, createTable, close };
}

async function isActive(dynamo: DynamoDBClient, TableName: string): Promise<boolean> {
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
  return Table?.TableStatus === 'ACTIVE';
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a port was expected');
  return `http://127.0.0.1:${address.port}`;
}
