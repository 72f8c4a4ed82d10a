import type { Clock } from '../../../core/ports/clock.ts';
import { SQS } from '../facts.ts';

/** The deduplication ids of the last five minutes. */
export class RecentIds {
  readonly #clock: Clock;
  /** By id, when it is forgotten; in that order. */
  readonly #ids = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Remembers an id; false when it is one that was seen lately. */
  add(id: string): boolean {
    const now = this.#clock.now();
    for (const [old, untilMs] of this.#ids) {
      if (untilMs > now) break;
      this.#ids.delete(old);
    }
    if (this.#ids.has(id)) return false;
    this.#ids.set(id, now + SQS.deduplicationMs);
    return true;
  }
}
