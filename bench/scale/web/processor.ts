import type { Clock } from '../../../core/ports/clock.ts';

/** The processor of one worker: what it does for an image takes its time, one after the other. */
export class Processor {
  readonly #clock: Clock;
  readonly #perUrlMs: number;
  #freeAtMs = 0;

  constructor(clock: Clock, perUrlMs: number) {
    this.#clock = clock;
    this.#perUrlMs = perUrlMs;
  }

  /** Gives when the work on so many URLs is done that may begin now, in milliseconds since 1970. */
  take(urls: number): number {
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#clock.now()) + urls * this.#perUrlMs;
    return this.#freeAtMs;
  }
}
