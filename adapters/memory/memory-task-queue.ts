import { QUEUE_LIMITS } from '../../contract/limits.ts';
import { parseDelivery } from '../../contract/parse-delivery.ts';
import { deduplicationId, encodeTask, parseTask } from '../../contract/task-message.ts';
import type { Task } from '../../core/model/task.ts';
import type {
  Delivery,
  ReceivedTask,
  ReceiveOptions,
  TaskQueue,
} from '../../core/ports/task-queue.ts';
import { MemoryDeferredQueue } from './memory-deferred-queue.ts';
import {
  type DeliveredMessage,
  type MemoryFifoQueue,
  ReceiptExpiredError,
} from './memory-fifo-queue.ts';

/** Longest wait for messages that SQS knows, in milliseconds. */
const MAX_WAIT_MS = 20_000;

/** The task queue in memory, with the bodies that SQS would carry. */
export class MemoryTaskQueue implements TaskQueue {
  readonly limits = QUEUE_LIMITS;
  readonly #fifo: MemoryFifoQueue;
  readonly #deferred: MemoryDeferredQueue;

  constructor(fifo: MemoryFifoQueue, deferred = new MemoryDeferredQueue()) {
    this.#fifo = fifo;
    this.#deferred = deferred;
  }

  async send(tasks: readonly Task[], wake?: string): Promise<void> {
    for (const task of tasks) this.#send(task, encodeTask(task), wake);
  }

  async defer(tasks: readonly Task[], delayMs: number): Promise<void> {
    const now = this.#fifo.clock.now();
    for (const task of tasks) this.#deferred.send(encodeTask(task), now, delayMs);
  }

  async receive({ max, waitMs, visibilityMs }: ReceiveOptions): Promise<readonly Delivery[]> {
    const { clock } = this.#fifo;
    const most = Math.min(max, this.limits.messages);
    const endMs = clock.now() + Math.min(MAX_WAIT_MS, waitMs);
    for (;;) {
      const receivedMs = clock.now();
      const messages = this.#fifo.receive(most, visibilityMs);
      if (messages.length > 0 || receivedMs >= endMs) {
        return messages.map((message) => parseDelivery({ ...plain(message), receivedMs }));
      }
      const wakeMs = Math.min(endMs, this.#fifo.nextReturnMs() ?? endMs);
      await Promise.race([clock.sleep(wakeMs - receivedMs), this.#fifo.change()]);
    }
  }

  async postpone(receipt: string, delayMs: number): Promise<void> {
    this.#fifo.hide(receipt, delayMs);
  }

  async extend(receipts: readonly string[], visibilityMs: number): Promise<ReadonlySet<string>> {
    return new Set(receipts.filter((receipt) => this.#isInFlight(receipt, visibilityMs)));
  }

  async remove(receipts: readonly string[]): Promise<void> {
    const failures: unknown[] = [];
    for (const receipt of receipts) {
      try {
        this.#fifo.acknowledge(receipt);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async depth(): Promise<number> {
    return this.#fifo.depth();
  }

  /** At most `max` tasks, as an event source gives them to a worker. */
  receiveNow(max: number): readonly ReceivedTask[] {
    return this.#fifo.receive(max).map(toReceived);
  }

  /** What an event source does with a task that its worker has finished. */
  acknowledge(receipt: string): void {
    this.#fifo.acknowledge(receipt);
  }

  /** Sends the deferred tasks that are due back to their groups; returns how many there were. */
  release(nowMs = this.#fifo.clock.now()): number {
    const due = this.#deferred.due(nowMs);
    for (const { id, body } of due) {
      const parsed = parseTask(body);
      if (parsed.kind === 'poison') throw new Error(`a task was expected: ${parsed.problem}`);
      this.#send(parsed.task, body);
      this.#deferred.remove(id);
    }
    return due.length;
  }

  /** When the next deferred task is due, in milliseconds since 1970; undefined when there is none. */
  nextReleaseMs(): number | undefined {
    return this.#deferred.nextReleaseMs();
  }

  #send(task: Task, body: string, wake?: string): void {
    this.#fifo.send({ group: task.group, deduplicationId: deduplicationId(task, wake), body });
  }

  #isInFlight(receipt: string, visibilityMs: number): boolean {
    try {
      this.#fifo.hide(receipt, visibilityMs);
      return true;
    } catch (error) {
      if (error instanceof ReceiptExpiredError) return false;
      throw error;
    }
  }
}

function plain({ messageId, body, receipt, receiveCount }: DeliveredMessage) {
  return { messageId, body, receipt, receiveCount };
}

/** A delivery in the words of the use case. Throws when its body is no task. */
export function toReceived(message: DeliveredMessage): ReceivedTask {
  const { messageId, body } = message;
  const delivery = parseDelivery({ messageId, body, ...deliveryOf(message) });
  if (delivery.kind === 'poison') throw new Error(`a task was expected: ${delivery.problem}`);
  return delivery.received;
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
