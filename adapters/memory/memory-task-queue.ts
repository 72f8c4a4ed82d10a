import { deduplicationId, encodeTask, parseTask } from '../../contract/task-message.ts';
import type { ReceivedTask, TaskQueue } from '../../core/ports/task-queue.ts';
import type { Task } from '../../core/task.ts';
import type { DeliveredMessage, MemoryFifoQueue } from './memory-fifo-queue.ts';

/** The task queue in memory, with the bodies that SQS would carry. */
export class MemoryTaskQueue implements TaskQueue {
  readonly #fifo: MemoryFifoQueue;

  constructor(fifo: MemoryFifoQueue) {
    this.#fifo = fifo;
  }

  async send(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) {
      const body = encodeTask(task);
      this.#fifo.send({ group: task.group, deduplicationId: deduplicationId(task), body });
    }
  }

  async postpone(receipt: string, delayMs: number): Promise<void> {
    this.#fifo.hide(receipt, delayMs);
  }

  async remove(receipt: string): Promise<void> {
    this.#fifo.acknowledge(receipt);
  }

  async depth(): Promise<number> {
    return this.#fifo.depth();
  }

  /** At most `max` tasks, as an event source gives them to a worker. */
  receive(max: number): readonly ReceivedTask[] {
    return this.#fifo.receive(max).map(toReceived);
  }

  /** What an event source does with a task that its worker has finished. */
  acknowledge(receipt: string): void {
    this.#fifo.acknowledge(receipt);
  }
}

/** A delivery in the words of the use case. Throws when its body is no task. */
export function toReceived(message: DeliveredMessage): ReceivedTask {
  const parsed = parseTask(message.body);
  if (parsed.kind === 'poison') throw new Error(`a task was expected: ${parsed.problem}`);
  return { task: parsed.task, ...deliveryOf(message) };
}

/** What SQS tells of a delivery: its time only where it is the first one. */
export function deliveryOf({
  receipt,
  receiveCount,
  firstReceivedMs,
}: DeliveredMessage): Omit<ReceivedTask, 'task'> {
  const receivedMs = receiveCount === 1 ? firstReceivedMs : undefined;
  return { receipt, receiveCount, receivedMs };
}
