import type { Clock } from '../../core/ports/clock.ts';

/** Shares of the list, and when they were settled. */
export class Milestones {
  readonly #clock: Clock;
  readonly #urls: number;
  readonly #beganMs: number;
  readonly #reached = new Map<number, number>();
  readonly #open: number[];
  settled = 0;
  /** Told when a share is reached. */
  onReached: (share: number) => void = () => {};

  /** `shares` in rising order. */
  constructor(clock: Clock, urls: number, shares: readonly number[]) {
    this.#clock = clock;
    this.#urls = urls;
    this.#beganMs = clock.now();
    this.#open = [...shares];
  }

  /** So many URLs more are settled. */
  add(urls: number): void {
    this.settled += urls;
    for (let [share] = this.#open; share !== undefined; [share] = this.#open) {
      if (this.settled < share * this.#urls) return;
      this.#open.shift();
      this.#reached.set(share, this.#clock.now() - this.#beganMs);
      this.onReached(share);
    }
  }

  /** Time until a share was settled, in milliseconds; undefined when it was not. */
  at(share: number): number | undefined {
    return this.#reached.get(share);
  }
}
