import type { Clock } from '../../core/ports/clock.ts';
import type { Stop } from '../../core/worker/task-stream.ts';

/**
 * From the signal to the end, in milliseconds: less than the minute before a deadline in which
 * nothing is received, and than the two minutes that ECS gives a container.
 */
const GRACE_MS = 50_000;

/** Whether a worker that is no function is to end, and by when. */
export class FleetStop implements Stop {
  readonly #clock: Clock;
  deadlineMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isAsked(): boolean {
    return this.deadlineMs < Number.POSITIVE_INFINITY;
  }

  /** Nothing more is received; what is under way comes to its end, the rest is given back. */
  readonly ask = (): void => {
    if (!this.isAsked) this.deadlineMs = this.#clock.now() + GRACE_MS;
  };
}
