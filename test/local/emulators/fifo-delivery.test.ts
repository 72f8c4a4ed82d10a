import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { emulatedAws } from './emulated-aws.ts';

let sqs: SQSClient;
let queues = 0;

beforeEach(async () => {
  ({ sqs } = await emulatedAws());
});

/** A FIFO queue that holds messages, given as `group:body`. */
async function queueOf(...messages: readonly string[]): Promise<string> {
  queues += 1;
  const Attributes = { FifoQueue: 'true', VisibilityTimeout: '30' };
  const create = new CreateQueueCommand({ QueueName: `queue-${queues}.fifo`, Attributes });
  const { QueueUrl } = await sqs.send(create);
  const Entries = messages.map((message, at) => {
    const [MessageGroupId, MessageBody] = message.split(':');
    const MessageDeduplicationId = `${queues}-${at}`;
    return { Id: String(at), MessageGroupId, MessageBody, MessageDeduplicationId };
  });
  for (let at = 0; at < Entries.length; at += 10) {
    const part = Entries.slice(at, at + 10);
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: part }));
  }
  return QueueUrl ?? '';
}

async function receive(QueueUrl: string, max = 10): Promise<readonly Message[]> {
  const asked = { QueueUrl, MaxNumberOfMessages: max, WaitTimeSeconds: 0 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked));
  return Messages;
}

async function remove(QueueUrl: string, messages: readonly Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
}

async function hide(QueueUrl: string, messages: readonly Message[], seconds: number) {
  const Entries = messages.map(({ ReceiptHandle }, at) => {
    return { Id: String(at), ReceiptHandle, VisibilityTimeout: seconds };
  });
  await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
}

function bodies(messages: readonly Message[]): readonly (string | undefined)[] {
  return messages.map(({ Body }) => Body);
}

describe('a receive from a FIFO queue', () => {
  test('brings several messages of one group, in their order', async () => {
    const queue = await queueOf('a:1', 'a:2', 'a:3');
    expect(bodies(await receive(queue))).toEqual(['1', '2', '3']);
  });

  test('brings all it can of one group before the next one, and at most what is asked for', async () => {
    const queue = await queueOf('a:1', 'b:2', 'a:3', 'b:4', 'b:5', 'c:6');
    expect(bodies(await receive(queue, 4))).toEqual(['1', '3', '2', '4']);
    expect(bodies(await receive(queue, 4))).toEqual(['6']);
  });

  test('brings a group that was received again after the others', async () => {
    const queue = await queueOf('a:1', 'a:2', 'a:3', 'b:4', 'b:5', 'c:6');
    const order: (string | undefined)[] = [];
    for (let at = 0; at < 6; at += 1) {
      const received = await receive(queue, 1);
      order.push(...bodies(received));
      await remove(queue, received);
    }
    expect(order).toEqual(['1', '4', '6', '2', '5', '3']);
  });

  test('leaves no group behind, whoever receives', async () => {
    const queue = await queueOf(
      ...Array.from({ length: 30 }, (_, at) => `a:${at}`),
      'b:30',
      'c:31',
    );
    const first = await receive(queue);
    expect(bodies(await receive(queue, 1))).toEqual(['30']);
    await remove(queue, first);
    expect(bodies(await receive(queue, 1))).toEqual(['31']);
    expect(bodies(await receive(queue, 1))).toEqual(['10']);
  });

  test('brings at most ten', async () => {
    const queue = await queueOf(...Array.from({ length: 12 }, (_, at) => `a:${at}`));
    expect(await receive(queue)).toHaveLength(10);
  });

  test('brings nothing of a group until all of it that is out was deleted', async () => {
    const queue = await queueOf('a:1', 'a:2', 'a:3');
    const out = await receive(queue, 2);
    expect(await receive(queue)).toEqual([]);
    await remove(queue, out.slice(0, 1));
    expect(await receive(queue)).toEqual([]);
    await remove(queue, out.slice(1));
    expect(bodies(await receive(queue))).toEqual(['3']);
  });

  test('brings those that came back in their old order, before what was never out', async () => {
    const queue = await queueOf('a:1', 'a:2', 'a:3', 'a:4');
    const out = await receive(queue, 3);
    await hide(queue, out, 0);
    expect(bodies(await receive(queue))).toEqual(['1', '2', '3', '4']);
  });

  test('brings again what was not deleted in its time', async () => {
    const queue = await queueOf('a:1', 'a:2');
    await hide(queue, await receive(queue), 1);
    expect(await receive(queue)).toEqual([]);
    await expect.poll(() => receive(queue).then(bodies), { timeout: 5000 }).toEqual(['1', '2']);
  });

  test('leaves other groups alone', async () => {
    const queue = await queueOf('a:1', 'b:2');
    const [first] = await receive(queue, 1);
    expect(first?.Body).toBe('1');
    expect(bodies(await receive(queue))).toEqual(['2']);
  });
});
