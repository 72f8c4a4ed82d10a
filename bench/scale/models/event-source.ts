import type { ReceivedTask } from '../../../core/ports/task-queue.ts';
import type { Work } from '../../../core/worker/work.ts';
import type { VirtualClock } from '../../../test/virtual-clock.ts';
import { EVENT_SOURCE, SQS } from '../facts.ts';
import type { FifoQueue } from './fifo-queue.ts';

/** From a message that a poller sees to the beginning of its invocation, in milliseconds. */
const POLL_MS = 50;
/** A new execution environment takes so much longer, in milliseconds. */
const COLD_MS = 500;
/** Messages stay hidden for six times a worker's limit. */
const VISIBILITY_FACTOR = 6;

/** What an event source is set to. */
export interface EventSourceOptions {
  readonly clock: VirtualClock;
  readonly queue: FifoQueue;
  /** Most invocations at once. */
  readonly concurrency: number;
  /** The limit of an invocation, in milliseconds. */
  readonly timeoutMs: number;
  /** A new execution environment. */
  readonly hire: () => Work;
}

/** What Lambda does between a FIFO queue and its function: polls, invokes more and more, deletes. */
export class EventSource {
  readonly #options: EventSourceOptions;
  readonly #idle: Work[] = [];
  readonly #beganMs: number;
  #busy = 0;
  #isPolling = false;
  invocations = 0;
  mostBusy = 0;
  /** Time of all invocations together, in milliseconds. */
  #busyMs = 0;
  #notedMs: number;

  constructor(options: EventSourceOptions) {
    this.#options = options;
    this.#beganMs = options.clock.now();
    this.#notedMs = this.#beganMs;
    options.queue.onReady = () => this.#poll();
  }

  get busy(): number {
    return this.#busy;
  }

  /** Time of all invocations so far, in milliseconds. */
  get busyMs(): number {
    this.#note();
    return this.#busyMs;
  }

  /** Invocations that there may be by now. */
  get allowed(): number {
    const minutes = (this.#options.clock.now() - this.#beganMs) / 60_000;
    const ramp = EVENT_SOURCE.first + Math.floor(EVENT_SOURCE.morePerMinute * minutes);
    return Math.min(this.#options.concurrency, ramp);
  }

  #note(): void {
    const now = this.#options.clock.now();
    this.#busyMs += this.#busy * (now - this.#notedMs);
    this.#notedMs = now;
  }

  /** Whether there is an invocation to be had now. */
  #poll(): boolean {
    if (this.#busy >= this.#options.concurrency) return false;
    if (!this.#isPolling) {
      this.#isPolling = true;
      this.#options.clock.schedule(POLL_MS, () => {
        this.#isPolling = false;
        this.#take();
      });
    }
    return this.#busy < this.allowed;
  }

  #take(): void {
    const { queue, timeoutMs } = this.#options;
    while (this.#busy < this.allowed) {
      const batch = queue.takeNow(SQS.batch, VISIBILITY_FACTOR * timeoutMs, true);
      if (batch.length === 0) return;
      void this.#invoke(batch);
    }
    if (queue.hasReady) this.#poll();
  }

  async #invoke(batch: readonly ReceivedTask[]): Promise<void> {
    const { clock, queue, timeoutMs, hire } = this.#options;
    this.#note();
    this.#busy += 1;
    this.invocations += 1;
    this.mostBusy = Math.max(this.mostBusy, this.#busy);
    const warm = this.#idle.pop();
    if (warm === undefined) await clock.sleep(COLD_MS);
    const work = warm ?? hire();
    const given = batch.map((received) => ({ kind: 'task', received }) as const);
    const ends = await work(given, clock.now() + timeoutMs);
    for (const { receipt, end } of ends) if (end.kind === 'done') queue.acknowledge(receipt);
    this.#note();
    this.#busy -= 1;
    this.#idle.push(work);
    if (queue.hasReady) this.#poll();
  }
}
