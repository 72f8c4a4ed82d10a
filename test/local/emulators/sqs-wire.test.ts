import * as sqs from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { emulatedAws } from './emulated-aws.ts';

let client: sqs.SQSClient;
let QueueUrl: string;
const Fifo = { FifoQueue: 'true' };

beforeEach(async () => {
  ({ sqs: client } = await emulatedAws());
  const create = new sqs.CreateQueueCommand({ QueueName: 'q.fifo', Attributes: Fifo });
  ({ QueueUrl = '' } = await client.send(create));
});

const entry = (Id: string, MessageBody = Id, more: object = {}) => ({
  Id,
  MessageBody,
  MessageGroupId: 'g',
  MessageDeduplicationId: Id,
  ...more,
});
const sendAll = (...Entries: sqs.SendMessageBatchRequestEntry[]) =>
  client.send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries }));

describe('a batch', () => {
  it('takes what it can, and tells what it cannot', async () => {
    const { Successful, Failed } = await sendAll(
      entry('a'),
      entry('b', 'b', { MessageGroupId: undefined }),
      entry('c', '\u0001'),
      entry('d', 'd', { DelaySeconds: 5 }),
    );
    expect(Successful).toMatchObject([
      { Id: 'a', SequenceNumber: expect.stringMatching(/^\d{20}$/) },
    ]);
    expect(Failed).toMatchObject([
      { Id: 'b', SenderFault: true, Code: 'MissingParameter' },
      { Id: 'c', SenderFault: true, Code: 'InvalidMessageContents' },
      { Id: 'd', SenderFault: true, Code: 'InvalidParameterValue' },
    ]);
  });

  it.each([
    ['no entry', [], 'EmptyBatchRequest'],
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, at) => entry(`e${at}`)),
      'TooManyEntriesInBatchRequest',
    ],
    ['an id twice', [entry('a'), entry('a')], 'BatchEntryIdsNotDistinct'],
    ['an invalid id', [entry('a b')], 'InvalidBatchEntryId'],
    [
      'more than 1 MiB',
      [entry('a', 'x'.repeat(600_000)), entry('b', 'x'.repeat(600_000))],
      'BatchRequestTooLong',
    ],
  ])('of %s is refused', async (_, entries, name) => {
    await expect(sendAll(...entries)).rejects.toMatchObject({
      name: expect.stringContaining(name),
    });
  });

  it('of receipts tells which are not held any more', async () => {
    await sendAll(entry('a'), entry('b'));
    const receive = new sqs.ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
    });
    const { Messages: [older] = [] } = await client.send(receive);
    const { Messages: [newer, other] = [] } = await client.send(
      new sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    const Entries = [older, newer, other].map((message, at) => {
      return { Id: String(at), ReceiptHandle: message?.ReceiptHandle };
    });
    const answer = await client.send(new sqs.DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(answer.Successful).toEqual([{ Id: '1' }, { Id: '2' }]);
    expect(answer.Failed).toMatchObject([
      {
        Id: '0',
        SenderFault: true,
        Message: expect.stringContaining('The receipt handle has expired'),
      },
    ]);
  });
});

it('a message of a MiB is taken, and none that is longer', async () => {
  await expect(sendAll(entry('a', 'x'.repeat(1024 * 1024)))).resolves.toBeDefined();
  const longer = new sqs.SendMessageCommand({
    QueueUrl,
    MessageBody: 'x'.repeat(1024 * 1024 + 1),
    MessageGroupId: 'g',
    MessageDeduplicationId: 'l',
  });
  await expect(client.send(longer)).rejects.toThrow('Message must be shorter than 1048576 bytes');
});

describe('a queue', () => {
  it('that is made again with the same attributes is the same, and no other one', async () => {
    const again = (Attributes: Record<string, string>) =>
      client.send(new sqs.CreateQueueCommand({ QueueName: 'q.fifo', Attributes }));
    expect(await again(Fifo)).toMatchObject({ QueueUrl });
    await expect(again({ ...Fifo, VisibilityTimeout: '5' })).rejects.toMatchObject({
      name: 'QueueNameExists',
    });
  });

  it.each([
    ['ContentBasedDeduplication', 'true'],
    ['DelaySeconds', '5'],
  ])('with an attribute that is not known here is refused by its name: %s', async (name, value) => {
    const create = new sqs.CreateQueueCommand({
      QueueName: 'r.fifo',
      Attributes: { ...Fifo, [name]: value },
    });
    await expect(client.send(create)).rejects.toThrow(
      `attribute ${name} of a queue is not supported`,
    );
  });

  it('that is deleted is not there', async () => {
    await client.send(new sqs.DeleteQueueCommand({ QueueUrl }));
    await expect(sendAll(entry('a'))).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    expect((await client.send(new sqs.ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
  });
});

it.each<[string, (client: sqs.SQSClient) => Promise<unknown>]>([
  ['SQS PurgeQueue', (it) => it.send(new sqs.PurgeQueueCommand({ QueueUrl }))],
  [
    'SQS SendMessage: MessageAttributes',
    (it) =>
      it.send(
        new sqs.SendMessageCommand({
          QueueUrl,
          MessageBody: 'a',
          MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } },
        }),
      ),
  ],
])('what is not carried out here is refused by its name: %s', async (name, send) => {
  await expect(send(client)).rejects.toThrow(`${name} is not supported on this machine`);
});
