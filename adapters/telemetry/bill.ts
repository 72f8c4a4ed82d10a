import { PRICES, type Usage } from '../../contract/prices.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { CostMeter } from '../../core/ports/cost-meter.ts';

/** Adds up what a function asks of AWS and how long it runs, in dollars by the table of prices. */
export class Bill implements CostMeter {
  readonly #clock: Clock;
  readonly #memoryGb: number;
  #dollars = 0;
  #takenDollars = 0;
  /** Until when the invocation is on the bill; undefined where none is under way. */
  #chargedMs: number | undefined;

  constructor(clock: Clock, memoryMb: number) {
    this.#clock = clock;
    this.#memoryGb = memoryMb / 1024;
  }

  /** Puts something on the bill. */
  readonly charge = (billed: keyof Usage, count: number): void => {
    this.#dollars += PRICES[billed] * count;
  };

  /** An invocation begins: from now on its time counts. */
  begin(): void {
    this.charge('functionInvocations', 1);
    this.#chargedMs = this.#clock.now();
  }

  /** The invocation is over. */
  end(): void {
    this.#chargeTime();
    this.#chargedMs = undefined;
  }

  /** All so far. */
  dollars(): number {
    this.#chargeTime();
    return this.#dollars;
  }

  /** What it came to since this was asked the last time. */
  take(): number {
    const dollars = this.dollars();
    const taken = dollars - this.#takenDollars;
    this.#takenDollars = dollars;
    return taken;
  }

  #chargeTime(): void {
    if (this.#chargedMs === undefined) return;
    const now = this.#clock.now();
    this.charge('functionGbSeconds', this.#memoryGb * ((now - this.#chargedMs) / 1000));
    this.#chargedMs = now;
  }
}
