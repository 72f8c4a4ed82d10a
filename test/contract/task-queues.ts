import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { parseTask } from '../../contract/task-message.ts';
import type { ReceivedTask, TaskQueue } from '../../core/ports/task-queue.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { startSqsAndS3 } from './emulators.ts';

/** A queue with the hands of an event source. */
export interface QueueSubject {
  readonly queue: TaskQueue;
  /** What can be received now, or when that many seconds have passed. */
  receive(max: number, withinS?: number): Promise<readonly ReceivedTask[]>;
}

/** Opens queues, each of them empty. */
export interface QueueMaker {
  open(): Promise<QueueSubject>;
  close(): Promise<void>;
}

/** Every implementation of the port. */
export const QUEUES: Readonly<Record<string, () => Promise<QueueMaker>>> = {
  'MemoryTaskQueue, many of a group at once': async () => memoryQueues('many'),
  'MemoryTaskQueue, one of a group at once': async () => memoryQueues('one'),
  SqsTaskQueue: sqsQueues,
};

function memoryQueues(perGroup: 'one' | 'many'): QueueMaker {
  const open = async (): Promise<QueueSubject> => {
    const clock = new VirtualClock();
    const queue = new MemoryTaskQueue(
      new MemoryFifoQueue(clock, { visibilityMs: 60_000, perGroup }),
    );
    const receive = async (max: number, withinS = 0) => {
      const now = queue.receive(max);
      if (now.length > 0 || withinS === 0) return now;
      await clock.advance(withinS * 1000);
      return queue.receive(max);
    };
    return { queue, receive };
  };
  return { open, close: async () => {} };
}

async function sqsQueues(): Promise<QueueMaker> {
  const { sqs, createQueue, close } = await startSqsAndS3();
  const open = async (): Promise<QueueSubject> => {
    const QueueUrl = await createQueue();
    const receive = async (MaxNumberOfMessages: number, WaitTimeSeconds = 0) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl, MaxNumberOfMessages, WaitTimeSeconds },
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
      );
      return Messages.map(({ Body = '', ReceiptHandle = '', Attributes }) => {
        const parsed = parseTask(Body);
        if (parsed.kind === 'poison') throw new Error(parsed.problem);
        const receiveCount = Number(Attributes?.ApproximateReceiveCount);
        return { task: parsed.task, receipt: ReceiptHandle, receiveCount };
      });
    };
    return { queue: new SqsTaskQueue(sqs, QueueUrl, systemClock), receive };
  };
  return { open, close };
}
