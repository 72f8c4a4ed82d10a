import { ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { meteredSqs } from '../../adapters/aws/metered-clients.ts';
import { startSqsAndS3 } from './emulators.ts';

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
