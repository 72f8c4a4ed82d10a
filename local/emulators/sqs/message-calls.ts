import { AwsError } from '../aws-error.ts';
import { type Fields, optionalText, optionalWhole, textIn, textsIn } from '../fields.ts';
import { checkParameters } from '../json-service.ts';
import { eachEntry, entriesOf } from './batch.ts';
import type { QueuedMessage } from './message-group.ts';
import type { Queue } from './queue.ts';
import { queueIn } from './queue-calls.ts';
import type { SqsCall, SqsRequest } from './sqs-call.ts';
import { invalidParameter } from './sqs-error.ts';

/** Most bytes of a message, and of all messages of a request. */
const MAX_BYTES = 1024 * 1024;
/** Longest times, in seconds. */
const MAX_DELAY_S = 900;
const MAX_WAIT_S = 20;
const MAX_VISIBILITY_S = 43_200;
const MAX_MESSAGES = 10;
const ID = /^[\w!-/:-@[-`{-~]{1,128}$/;
/** What XML, and so SQS, does not take. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
const REFUSED = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

const MESSAGE = ['MessageBody', 'DelaySeconds', 'MessageGroupId', 'MessageDeduplicationId'];
const SENDER_ID = 'AIDAIENQZJOLO23YVJ4VO';

/** Calls for messages. */
export const MESSAGE_CALLS = {
  SendMessage: {
    parameters: ['QueueUrl', ...MESSAGE],
    run: ({ input, queues, now }) => {
      const { MD5OfMessageBody, MessageId, SequenceNumber } = send(
        queueIn(input, queues),
        input,
        now(),
      );
      return { MD5OfMessageBody, MessageId, SequenceNumber };
    },
  },
  SendMessageBatch: {
    parameters: ['QueueUrl', 'Entries'],
    run: ({ input, queues, now }) => {
      const nowMs = now();
      const queue = queueIn(input, queues);
      const entries = entriesOf(input);
      const bytes = entries.reduce(
        (sum, entry) => sum + Buffer.byteLength(String(entry['MessageBody'])),
        0,
      );
      if (bytes > MAX_BYTES)
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${MAX_BYTES} bytes. You have sent ${bytes} bytes.`,
        );
      return eachEntry(entries, (entry) => {
        checkParameters('SQS SendMessageBatch', entry, ['Id', ...MESSAGE]);
        return send(queue, entry, nowMs);
      });
    },
  },
  ReceiveMessage: {
    parameters: [
      'QueueUrl',
      'MaxNumberOfMessages',
      'VisibilityTimeout',
      'WaitTimeSeconds',
      'AttributeNames',
      'MessageSystemAttributeNames',
    ],
    run: receive,
  },
  DeleteMessage: {
    parameters: ['QueueUrl', 'ReceiptHandle'],
    run: ({ input, queues }) => {
      queueIn(input, queues).delete(textIn(input, 'ReceiptHandle'));
      return {};
    },
  },
  DeleteMessageBatch: {
    parameters: ['QueueUrl', 'Entries'],
    run: ({ input, queues }) => {
      const queue = queueIn(input, queues);
      return eachEntry(entriesOf(input), (entry) => {
        queue.delete(textIn(entry, 'ReceiptHandle'));
        return {};
      });
    },
  },
  ChangeMessageVisibility: {
    parameters: ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'],
    run: ({ input, queues, now }) => changeVisibility(queueIn(input, queues), input, now()),
  },
  ChangeMessageVisibilityBatch: {
    parameters: ['QueueUrl', 'Entries'],
    run: ({ input, queues, now }) => {
      const nowMs = now();
      const queue = queueIn(input, queues);
      return eachEntry(entriesOf(input), (entry) => changeVisibility(queue, entry, nowMs));
    },
  },
} as const satisfies Record<string, SqsCall>;

function send(queue: Queue, input: Fields, nowMs: number): Fields {
  const { isFifo } = queue.options;
  const body = textIn(input, 'MessageBody');
  if (body === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (REFUSED.test(body))
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid binary character in the message body, the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  if (Buffer.byteLength(body) > MAX_BYTES)
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_BYTES} bytes.`,
    );
  const delayS = optionalWhole(input, 'DelaySeconds', [0, MAX_DELAY_S]);
  if (isFifo && delayS !== undefined)
    throw invalidParameter(
      'DelaySeconds',
      delayS,
      'The request include parameter that is not valid for this queue type.',
    );
  const [groupId, deduplicationId] = isFifo ? idsOf(input) : [];
  const { id, md5, sequence } = queue.send({ body, groupId, deduplicationId, delayS }, nowMs);
  return { MessageId: id, MD5OfMessageBody: md5, SequenceNumber: numbered(sequence) };
}

function idsOf(input: Fields): readonly [string, string] {
  const groupId = optionalText(input, 'MessageGroupId');
  if (groupId === undefined)
    throw new AwsError(
      'MissingParameter',
      'The request must contain the parameter MessageGroupId.',
    );
  const id = optionalText(input, 'MessageDeduplicationId');
  if (id === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  for (const [name, value] of [
    ['MessageGroupId', groupId],
    ['MessageDeduplicationId', id],
  ] as const) {
    if (!ID.test(value))
      throw invalidParameter(
        name,
        value,
        `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
      );
  }
  return [groupId, id];
}

async function receive({ input, queues, onGone }: SqsRequest): Promise<Fields> {
  const queue = queueIn(input, queues);
  const max = optionalWhole(input, 'MaxNumberOfMessages', [1, MAX_MESSAGES]) ?? 1;
  const waitS = optionalWhole(input, 'WaitTimeSeconds', [0, MAX_WAIT_S]) ?? 0;
  const visibilityS = optionalWhole(input, 'VisibilityTimeout', [0, MAX_VISIBILITY_S]);
  const names = [
    ...textsIn(input, 'AttributeNames'),
    ...textsIn(input, 'MessageSystemAttributeNames'),
  ];
  const messages = await queue.receive(
    max,
    visibilityS ?? queue.options.visibilityS,
    waitS * 1000,
    onGone,
  );
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => received(message, new Set(names))) };
}

function received(message: QueuedMessage, names: ReadonlySet<string>): Fields {
  const { id, receipt, md5, body } = message;
  const Attributes = names.size === 0 ? undefined : attributesOf(message, names);
  return { MessageId: id, ReceiptHandle: receipt, MD5OfBody: md5, Body: body, Attributes };
}

function attributesOf(message: QueuedMessage, names: ReadonlySet<string>): Fields {
  const { group, sequence } = message;
  const all = {
    SenderId: SENDER_ID,
    SentTimestamp: String(message.sentMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
    MessageGroupId: group.id,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: group.id && numbered(sequence),
  };
  if (names.has('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
}

/** A sequence number has twenty digits. */
function numbered(sequence: number | undefined): string | undefined {
  return sequence === undefined ? undefined : String(sequence).padStart(20, '0');
}

function changeVisibility(queue: Queue, input: Fields, nowMs: number): Fields {
  const seconds = optionalWhole(input, 'VisibilityTimeout', [0, MAX_VISIBILITY_S]);
  if (seconds === undefined)
    throw new AwsError(
      'MissingParameter',
      'The request must contain the parameter VisibilityTimeout.',
    );
  queue.changeVisibility(textIn(input, 'ReceiptHandle'), seconds, nowMs);
  return {};
}
