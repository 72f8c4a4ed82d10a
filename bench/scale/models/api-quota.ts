import type { Clock } from '../../../core/ports/clock.ts';
import { SQS } from '../facts.ts';
import { Rate } from './rate.ts';

/** Partitions are added where the calls of so many milliseconds used them up. */
const LOOK_MS = 10_000;
const FULL = 0.8;
const MOST_PARTITIONS = Math.floor(SQS.callsPerRegion / SQS.callsPerPartition);

/**
 * Calls of one action of a FIFO queue with high throughput: 300 a second in each partition, batches
 * counted as one. SQS adds partitions where those that there are have much to do.
 */
export class ApiQuota {
  readonly #clock: Clock;
  readonly #rate: Rate;
  #partitions = 1;
  #lookedMs: number;
  #calls = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#rate = new Rate(clock, SQS.callsPerPartition);
    this.#lookedMs = clock.now();
  }

  get partitions(): number {
    return this.#partitions;
  }

  get calls(): number {
    return this.#rate.used;
  }

  get delayed(): number {
    return this.#rate.delayed;
  }

  /** One call; gives how long it waits, in milliseconds. */
  take(): number {
    this.#grow();
    this.#calls += 1;
    return this.#rate.take(1);
  }

  #grow(): void {
    const spentMs = this.#clock.now() - this.#lookedMs;
    if (spentMs < LOOK_MS) return;
    const perS = (this.#calls * 1000) / spentMs;
    this.#lookedMs += spentMs;
    this.#calls = 0;
    if (perS < FULL * this.#rate.perS || this.#partitions >= MOST_PARTITIONS) return;
    this.#partitions = Math.min(MOST_PARTITIONS, 2 * this.#partitions);
    this.#rate.perS = this.#partitions * SQS.callsPerPartition;
  }
}
