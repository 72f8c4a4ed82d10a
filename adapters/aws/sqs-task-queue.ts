import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { deduplicationId, encodeTask } from '../../contract/task-message.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';
import type { Task } from '../../core/task.ts';
import { untilTaken } from './batch-retry.ts';

/** Entries of a SendMessageBatch. */
const MAX_ENTRIES = 10;
/** Payload of a SendMessageBatch that every SQS takes, in bytes. */
const MAX_BATCH_BYTES = 256 * 1024;
/** Longest visibility time that SQS knows, in seconds. */
const MAX_VISIBILITY_S = 43_200;

interface Entry {
  readonly task: Task;
  readonly body: string;
}

/** The task queue as an SQS FIFO queue. */
export class SqsTaskQueue implements TaskQueue {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  readonly #clock: Clock;

  constructor(sqs: SQSClient, queueUrl: string, clock: Clock) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
    this.#clock = clock;
  }

  async send(tasks: readonly Task[]): Promise<void> {
    const entries = tasks.map((task) => ({ task, body: encodeTask(task) }));
    for (const batch of batches(entries)) {
      await untilTaken(batch, this.#clock, (rest) => this.#sendBatch(rest));
    }
  }

  async postpone(receipt: string, delayMs: number): Promise<void> {
    const VisibilityTimeout = Math.min(MAX_VISIBILITY_S, Math.max(0, Math.ceil(delayMs / 1000)));
    const change = { QueueUrl: this.#queueUrl, ReceiptHandle: receipt, VisibilityTimeout };
    await this.#sqs.send(new ChangeMessageVisibilityCommand(change));
  }

  async remove(receipt: string): Promise<void> {
    const message = { QueueUrl: this.#queueUrl, ReceiptHandle: receipt };
    await this.#sqs.send(new DeleteMessageCommand(message));
  }

  async depth(): Promise<number> {
    const name = 'ApproximateNumberOfMessages' as const;
    const answer = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#queueUrl, AttributeNames: [name] }),
    );
    return Number(answer.Attributes?.[name] ?? 0);
  }

  /** Gives back the entries that SQS did not take. */
  async #sendBatch(batch: readonly Entry[]): Promise<readonly Entry[]> {
    const answer = await this.#sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: this.#queueUrl,
        Entries: batch.map(({ task, body }, at) => ({
          Id: String(at),
          MessageBody: body,
          MessageGroupId: task.group,
          MessageDeduplicationId: deduplicationId(task),
        })),
      }),
    );
    const failed = new Set(answer.Failed?.map(({ Id }) => Id));
    return batch.filter((_, at) => failed.has(String(at)));
  }
}

function batches(entries: readonly Entry[]): readonly Entry[][] {
  const all: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.body);
    const last = all.at(-1);
    if (last === undefined || last.length === MAX_ENTRIES || bytes + size > MAX_BATCH_BYTES) {
      all.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return all;
}
