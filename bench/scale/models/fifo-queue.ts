import { QUEUE_LIMITS } from '../../../contract/limits.ts';
import type { Task } from '../../../core/model/task.ts';
import type {
  Delivery,
  ReceivedTask,
  ReceiveOptions,
  TaskQueue,
} from '../../../core/ports/task-queue.ts';
import type { VirtualClock } from '../../../test/virtual-clock.ts';
import { SQS } from '../facts.ts';
import { ApiQuota } from './api-quota.ts';
import { FifoMessages, type Message } from './fifo-messages.ts';
import { waitFor } from './rate.ts';
import { RecentIds } from './recent-ids.ts';

const CALL_MS = 8;
/** Between the end of a delay and the task's return to its group: the deferral function's time. */
const RELEASE_MS = 500;

/** The task queue with the queue of deferred tasks beside it, as SQS keeps its promises and quotas. */
export class FifoQueue implements TaskQueue {
  readonly limits = QUEUE_LIMITS;
  readonly #clock: VirtualClock;
  readonly #messages = new FifoMessages();
  readonly #recent: RecentIds;
  readonly #byReceipt = new Map<string, Message>();
  /** Long polls, in the order in which they came. */
  readonly #polls = new Set<() => void>();
  readonly #quotas: Readonly<Record<'send' | 'receive' | 'delete' | 'change', ApiQuota>>;
  /** Told when there is something to receive; whether whoever is told will do it. */
  onReady: () => boolean = () => false;
  #isPollsTurn = false;
  deferred = 0;
  mostWaiting = 0;
  /** Requests to the queue of deferred tasks, which is a standard one. */
  standardCalls = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.#recent = new RecentIds(clock);
    this.#quotas = {
      send: new ApiQuota(clock),
      receive: new ApiQuota(clock),
      delete: new ApiQuota(clock),
      change: new ApiQuota(clock),
    };
  }

  get size(): number {
    return this.#messages.size;
  }

  get hasReady(): boolean {
    return this.#messages.hasReady;
  }

  /** Requests, and those that a quota held up. */
  get calls() {
    const all = Object.values(this.#quotas);
    const sum = (of: (quota: ApiQuota) => number) => all.reduce((n, quota) => n + of(quota), 0);
    return { made: sum(({ calls }) => calls), delayed: sum(({ delayed }) => delayed) };
  }

  async send(tasks: readonly Task[]): Promise<void> {
    await this.#batches('send', tasks.length);
    for (const task of tasks) this.#add(task);
  }

  async defer(tasks: readonly Task[], delayMs: number): Promise<void> {
    // One batch to send it, and receive, send and delete of the deferral function.
    this.standardCalls += 3 * Math.ceil(tasks.length / SQS.batch);
    await this.#clock.sleep(CALL_MS);
    this.deferred += tasks.length;
    this.#clock.schedule(Math.ceil(delayMs / 1000) * 1000 + RELEASE_MS, () => {
      this.deferred -= tasks.length;
      void this.send(tasks);
    });
  }

  async receive({ max, waitMs, visibilityMs }: ReceiveOptions): Promise<readonly Delivery[]> {
    await waitFor(this.#clock, CALL_MS, this.#quotas.receive.take());
    const endMs = this.#clock.now() + waitMs;
    for (;;) {
      const received = this.takeNow(max, visibilityMs);
      const leftMs = endMs - this.#clock.now();
      if (received.length > 0 || leftMs <= 0)
        return received.map((one) => ({ kind: 'task', received: one }));
      await this.#change(leftMs);
    }
  }

  /** What a receive gives at once; `countCall` makes a call of it. */
  takeNow(max: number, visibilityMs: number, countCall = false): readonly ReceivedTask[] {
    if (countCall) this.#quotas.receive.take();
    const untilMs = this.#clock.now() + visibilityMs;
    return this.#messages.take(Math.min(max, SQS.batch), untilMs).map((message) => {
      const { task, receiveCount } = message;
      const receipt = `${message.number}#${receiveCount}`;
      this.#byReceipt.set(receipt, message);
      this.#expireLater(message, receipt, visibilityMs);
      return { task, receipt, receiveCount, receivedMs: this.#clock.now() };
    });
  }

  async postpone(receipt: string, delayMs: number): Promise<void> {
    await waitFor(this.#clock, CALL_MS, this.#quotas.change.take());
    const message = this.#byReceipt.get(receipt);
    if (message === undefined) throw new Error(`${receipt} is not out`);
    message.hiddenUntilMs = this.#clock.now() + delayMs;
    this.#expireLater(message, receipt, delayMs);
  }

  async extend(receipts: readonly string[], visibilityMs: number): Promise<ReadonlySet<string>> {
    await this.#batches('change', receipts.length);
    const untilMs = this.#clock.now() + visibilityMs;
    const held = receipts.filter((receipt) => this.#byReceipt.has(receipt));
    for (const receipt of held) {
      const message = this.#byReceipt.get(receipt);
      if (message !== undefined) message.hiddenUntilMs = untilMs;
    }
    return new Set(held);
  }

  async remove(receipts: readonly string[]): Promise<void> {
    await this.#batches('delete', receipts.length);
    for (const receipt of receipts) this.acknowledge(receipt);
  }

  /** Deletes a message; of what is not out any more, nothing. */
  acknowledge(receipt: string): void {
    const message = this.#byReceipt.get(receipt);
    if (message === undefined) return;
    this.#byReceipt.delete(receipt);
    this.#messages.delete(message);
    this.#tell();
  }

  async depth(): Promise<number> {
    return this.#messages.waiting;
  }

  async #batches(action: 'send' | 'delete' | 'change', items: number): Promise<void> {
    for (let left = items; left > 0; left -= SQS.batch)
      await waitFor(this.#clock, CALL_MS, this.#quotas[action].take());
  }

  #add(task: Task): void {
    if (!this.#recent.add(`${task.group} ${task.taskId}`)) return;
    this.#messages.add(task);
    this.mostWaiting = Math.max(this.mostWaiting, this.#messages.waiting);
    this.#tell();
  }

  /** Workers and the pollers of the event source see it by turns. */
  #tell(): void {
    if (!this.#messages.hasReady) return;
    this.#isPollsTurn = !this.#isPollsTurn;
    const [first] = this.#polls;
    if (first === undefined || (!this.#isPollsTurn && this.onReady())) {
      this.onReady();
      return;
    }
    this.#polls.delete(first);
    first();
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        spare();
        resolve();
      };
      const spare = this.#clock.schedule(ms, () => {
        this.#polls.delete(wake);
        resolve();
      });
      this.#polls.add(wake);
    });
  }

  /** One alarm for each message: it looks again where the message was held meanwhile. */
  #expireLater(message: Message, receipt: string, ms: number): void {
    this.#clock.schedule(ms, () => {
      if (this.#byReceipt.get(receipt) !== message) return;
      const leftMs = message.hiddenUntilMs - this.#clock.now();
      if (leftMs > 0) return this.#expireLater(message, receipt, leftMs);
      this.#byReceipt.delete(receipt);
      this.#messages.giveBack(message);
      this.#tell();
    });
  }
}
