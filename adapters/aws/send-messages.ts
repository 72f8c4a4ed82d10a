import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { QUEUE_LIMITS } from '../../contract/limits.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { untilTaken } from './batch-retry.ts';

/** Entries of a batch request of SQS. */
export const MAX_ENTRIES = QUEUE_LIMITS.messages;
/** Payload of a SendMessageBatch that every SQS takes, in bytes. */
const MAX_BATCH_BYTES = 256 * 1024;

/** A message to send; its place in the batch is its id. */
export type OutgoingEntry = Omit<SendMessageBatchRequestEntry, 'Id' | 'MessageBody'> & {
  readonly MessageBody: string;
};

/**
 * Sends messages in as few requests as SQS takes them in. Resolves when every one is kept.
 * @throws BatchIncompleteError when one is not; the others may be.
 */
export async function sendMessages(
  sqs: SQSClient,
  clock: Clock,
  queueUrl: string,
  messages: readonly OutgoingEntry[],
): Promise<void> {
  for (const batch of batches(messages)) {
    await untilTaken(batch, clock, (rest) => sendBatch(sqs, queueUrl, rest));
  }
}

/** Returns the messages that SQS did not take. */
async function sendBatch(
  sqs: SQSClient,
  QueueUrl: string,
  batch: readonly OutgoingEntry[],
): Promise<readonly OutgoingEntry[]> {
  const Entries = batch.map((message, at) => ({ ...message, Id: String(at) }));
  const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const failed = new Set(Failed?.map(({ Id }) => Id));
  return batch.filter((_, at) => failed.has(String(at)));
}

function batches(messages: readonly OutgoingEntry[]): readonly OutgoingEntry[][] {
  const all: OutgoingEntry[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.MessageBody);
    const last = all.at(-1);
    if (last === undefined || last.length === MAX_ENTRIES || bytes + size > MAX_BATCH_BYTES) {
      all.push([message]);
      bytes = size;
    } else {
      last.push(message);
      bytes += size;
    }
  }
  return all;
}
