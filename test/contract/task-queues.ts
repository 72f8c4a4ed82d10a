import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { parseTask } from '../../contract/task-message.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { startSqsAndS3 } from './emulators.ts';
import type { Maker } from './one-for-each-test.ts';

/** A queue, and what is done to it besides. */
interface QueueSubject {
  readonly queue: TaskQueue;
  readonly clock: Clock;
  /** Waits for what takes time. */
  drive<T>(job: Promise<T>): Promise<T>;
  /** Puts a body into a group, whatever it is. */
  sendBody(group: string, body: string): Promise<void>;
  /** Sends back what is due within that many seconds, as the deferral function does; says how much. */
  release(withinS: number): Promise<number>;
}

/** Every implementation of the port. */
export const QUEUES: Readonly<Record<string, () => Promise<Maker<QueueSubject>>>> = {
  'MemoryTaskQueue, many of a group at once': async () => memoryQueues('many'),
  'MemoryTaskQueue, one of a group at once': async () => memoryQueues('one'),
  SqsTaskQueue: sqsQueues,
};

function memoryQueues(perGroup: 'one' | 'many'): Maker<QueueSubject> {
  const open = async (): Promise<QueueSubject> => {
    const clock = new VirtualClock();
    const fifo = new MemoryFifoQueue(clock, { visibilityMs: 60_000, perGroup });
    const queue = new MemoryTaskQueue(fifo);
    return {
      queue,
      clock,
      drive: (job) => clock.drive(job),
      sendBody: async (group, body) => fifo.send({ group, deduplicationId: body, body }),
      release: async (withinS) => {
        const dueMs = queue.nextReleaseMs() ?? Number.POSITIVE_INFINITY;
        await clock.advance(Math.min(withinS * 1000, Math.max(0, dueMs - clock.now())));
        return queue.release();
      },
    };
  };
  return { open, close: async () => {} };
}

async function sqsQueues(): Promise<Maker<QueueSubject>> {
  const { sqs, createQueue, createStandardQueue, close } = await startSqsAndS3();
  const open = async (): Promise<QueueSubject> => {
    const queueUrl = await createQueue();
    const deferredQueueUrl = await createStandardQueue();
    const queue = new SqsTaskQueue({ sqs, clock: systemClock, queueUrl, deferredQueueUrl });
    const sendBody = async (MessageGroupId: string, MessageBody: string) => {
      const names = { MessageGroupId, MessageDeduplicationId: 'body' };
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, ...names }));
    };
    const release = async (WaitTimeSeconds: number) => {
      const QueueUrl = deferredQueueUrl;
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10 }),
      );
      for (const { Body = '', ReceiptHandle } of Messages) {
        const parsed = parseTask(Body);
        if (parsed.kind === 'poison') throw new Error(parsed.problem);
        await queue.send([parsed.task]);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return Messages.length;
    };
    return { queue, clock: systemClock, drive: (job) => job, sendBody, release };
  };
  return { open, close };
}
