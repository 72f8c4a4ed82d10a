import { QUEUE_LIMITS } from '../../contract/limits.ts';

/** A message that waits for its time. */
export interface DeferredMessage {
  readonly id: number;
  readonly body: string;
  /** When its delay is over, in milliseconds since 1970. */
  readonly dueMs: number;
}

/** A standard SQS queue in memory, whose messages each have a delay of their own. */
export class MemoryDeferredQueue {
  readonly #messages = new Map<number, DeferredMessage>();
  #sent = 0;

  /** Keeps a message for that many milliseconds, in whole seconds, at most 15 minutes. */
  send(body: string, nowMs: number, delayMs: number): void {
    const seconds = Math.ceil(Math.min(QUEUE_LIMITS.deferralMs, Math.max(0, delayMs)) / 1000);
    this.#sent += 1;
    this.#messages.set(this.#sent, { id: this.#sent, body, dueMs: nowMs + seconds * 1000 });
  }

  /** Messages whose delay is over, in the order in which it ended; they stay until removed. */
  due(nowMs: number): readonly DeferredMessage[] {
    const due = [...this.#messages.values()].filter(({ dueMs }) => dueMs <= nowMs);
    return due.toSorted((a, b) => a.dueMs - b.dueMs || a.id - b.id);
  }

  /** Takes a message off the queue; once more does no harm. */
  remove(id: number): void {
    this.#messages.delete(id);
  }

  /** Messages that wait, those that are due included. */
  get size(): number {
    return this.#messages.size;
  }

  /** When the next delay is over, in milliseconds since 1970; undefined when nothing waits. */
  nextReleaseMs(): number | undefined {
    if (this.#messages.size === 0) return undefined;
    return Math.min(...[...this.#messages.values()].map(({ dueMs }) => dueMs));
  }
}
