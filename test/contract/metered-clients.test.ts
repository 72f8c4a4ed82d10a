import { BatchWriteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { meteredDynamo, meteredSqs } from '../../adapters/aws/metered-clients.ts';
import { startDynamo, startSqsAndS3 } from './emulators.ts';

let services: Awaited<ReturnType<typeof startSqsAndS3>>;

beforeAll(async () => {
  services = await startSqsAndS3();
});
afterAll(() => services.close());

it('a request to SQS is charged by the 64 KiB that it sends or brings', async () => {
  let charged = 0;
  const sqs = meteredSqs(services.sqs, (_, count) => {
    charged += count;
  });
  const chargeOf = async (request: () => Promise<unknown>) => {
    charged = 0;
    await request();
    return charged;
  };
  const QueueUrl = await services.createStandardQueue();
  const Entries = [{ Id: '0', MessageBody: 'x'.repeat(100 * 1024) }];
  const receive = () => sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const send = () => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(await chargeOf(receive)).toBe(1);
  expect(await chargeOf(send)).toBe(2);
  expect(await chargeOf(receive)).toBe(2);
});

it('a write is charged by the KiB of each item, a query by what its answer says', async () => {
  const { dynamo, createTable, close } = await startDynamo();
  onTestFinished(close);
  const table = await createTable();
  const charged = { tableReadUnits: 0, tableWriteUnits: 0 };
  const metered = meteredDynamo(dynamo, (billed, count) => {
    if (billed in charged) Object.assign(charged, { [billed]: count });
  });
  const items = [3000, 10, 9000].map((size, at) => ({
    pk: { S: 'p' },
    sk: { S: String(at) },
    packed: { B: new Uint8Array(size) },
  }));
  const puts = items.map((Item) => ({ PutRequest: { Item } }));
  await metered.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
  expect(charged).toEqual({ tableReadUnits: 0, tableWriteUnits: 3 + 1 + 9 });
  await metered.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'p' } },
      ConsistentRead: true,
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  expect(charged.tableReadUnits).toBe(3);
});
