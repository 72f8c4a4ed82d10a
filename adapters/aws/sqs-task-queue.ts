import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { QUEUE_LIMITS } from '../../contract/limits.ts';
import { parseDelivery } from '../../contract/parse-delivery.ts';
import { deduplicationId, encodeTask } from '../../contract/task-message.ts';
import type { Task } from '../../core/model/task.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Delivery, ReceiveOptions, TaskQueue } from '../../core/ports/task-queue.ts';
import { BatchIncompleteError, untilTaken } from './batch-retry.ts';
import { MAX_ENTRIES, sendMessages } from './send-messages.ts';

/** Longest visibility time that SQS knows, in seconds. */
const MAX_VISIBILITY_S = 43_200;
/** Longest poll that SQS knows, in seconds. */
const MAX_WAIT_S = 20;

/** Where the task queue is. */
export interface SqsTaskQueueOptions {
  readonly sqs: SQSClient;
  readonly clock: Clock;
  /** URL of the FIFO queue. */
  readonly queueUrl: string;
  /** URL of the standard queue in which deferred tasks wait; absent where nothing is deferred. */
  readonly deferredQueueUrl?: string;
}

/** The task queue as an SQS FIFO queue, with a standard queue beside it for deferred tasks. */
export class SqsTaskQueue implements TaskQueue {
  readonly limits = QUEUE_LIMITS;
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  readonly #deferredQueueUrl: string | undefined;
  readonly #clock: Clock;

  constructor({ sqs, clock, queueUrl, deferredQueueUrl }: SqsTaskQueueOptions) {
    this.#sqs = sqs;
    this.#clock = clock;
    this.#queueUrl = queueUrl;
    this.#deferredQueueUrl = deferredQueueUrl;
  }

  async send(tasks: readonly Task[], wake?: string): Promise<void> {
    const messages = tasks.map((task) => ({
      MessageBody: encodeTask(task),
      MessageGroupId: task.group,
      MessageDeduplicationId: deduplicationId(task, wake),
    }));
    await sendMessages(this.#sqs, this.#clock, this.#queueUrl, messages);
  }

  async defer(tasks: readonly Task[], delayMs: number): Promise<void> {
    const url = this.#deferredQueueUrl;
    if (url === undefined) throw new Error('defer: deferredQueueUrl was not given');
    const DelaySeconds = toSeconds(delayMs, this.limits.deferralMs / 1000);
    const messages = tasks.map((task) => ({ MessageBody: encodeTask(task), DelaySeconds }));
    await sendMessages(this.#sqs, this.#clock, url, messages);
  }

  async receive({ max, waitMs, visibilityMs }: ReceiveOptions): Promise<readonly Delivery[]> {
    const receivedMs = this.#clock.now();
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#queueUrl,
        MaxNumberOfMessages: Math.min(max, MAX_ENTRIES),
        WaitTimeSeconds: toSeconds(waitMs, MAX_WAIT_S),
        VisibilityTimeout: toSeconds(visibilityMs, MAX_VISIBILITY_S),
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    return Messages.map(({ MessageId = '', Body = '', ReceiptHandle = '', Attributes }) =>
      parseDelivery({
        messageId: MessageId,
        body: Body,
        receipt: ReceiptHandle,
        receiveCount: Number(Attributes?.ApproximateReceiveCount),
        receivedMs,
      }),
    );
  }

  async postpone(receipt: string, delayMs: number): Promise<void> {
    const VisibilityTimeout = toSeconds(delayMs, MAX_VISIBILITY_S);
    const change = { QueueUrl: this.#queueUrl, ReceiptHandle: receipt, VisibilityTimeout };
    await this.#sqs.send(new ChangeMessageVisibilityCommand(change));
  }

  async extend(receipts: readonly string[], visibilityMs: number): Promise<ReadonlySet<string>> {
    const VisibilityTimeout = toSeconds(visibilityMs, MAX_VISIBILITY_S);
    const held = await Promise.all(
      batchesOf(receipts).map(async (batch) => {
        const Entries = batch.map((ReceiptHandle, at) => {
          return { Id: String(at), ReceiptHandle, VisibilityTimeout };
        });
        const { Failed } = await this.#sqs.send(
          new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#queueUrl, Entries }),
        );
        const failed = new Set(Failed?.map(({ Id }) => Id));
        return batch.filter((_, at) => !failed.has(String(at)));
      }),
    );
    return new Set(held.flat());
  }

  async remove(receipts: readonly string[]): Promise<void> {
    const removed = await Promise.allSettled(
      batchesOf(receipts).map((batch) => {
        return untilTaken(batch, this.#clock, (rest) => this.#removeBatch(rest));
      }),
    );
    const failure = removed.find((one) => one.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  async depth(): Promise<number> {
    const name = 'ApproximateNumberOfMessages' as const;
    const answer = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#queueUrl, AttributeNames: [name] }),
    );
    return Number(answer.Attributes?.[name] ?? 0);
  }

  /** Returns the receipts to try again. @throws BatchIncompleteError where trying again is no use. */
  async #removeBatch(batch: readonly string[]): Promise<readonly string[]> {
    const Entries = batch.map((ReceiptHandle, at) => ({ Id: String(at), ReceiptHandle }));
    const { Failed = [] } = await this.#sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries }),
    );
    const refused = Failed.find(({ SenderFault }) => SenderFault);
    if (refused !== undefined) {
      throw new BatchIncompleteError(`a message stays: ${refused.Code} ${refused.Message ?? ''}`);
    }
    const failed = new Set(Failed.map(({ Id }) => Id));
    return batch.filter((_, at) => failed.has(String(at)));
  }
}

/** Whole seconds, as SQS has times: never too few, and at most so many. */
function toSeconds(ms: number, maxS: number): number {
  return Math.min(maxS, Math.max(0, Math.ceil(ms / 1000)));
}

function batchesOf(receipts: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(receipts.length / MAX_ENTRIES) }, (_, at) =>
    receipts.slice(at * MAX_ENTRIES, (at + 1) * MAX_ENTRIES),
  );
}
