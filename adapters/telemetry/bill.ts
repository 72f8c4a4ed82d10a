import { PRICES, type Usage } from '../../contract/prices.ts';

/** Adds up what a function asks of AWS, in dollars by the table of prices. */
export class Bill {
  #dollars = 0;

  /** Puts something on the bill. */
  readonly charge = (billed: keyof Usage, count: number): void => {
    this.#dollars += PRICES[billed] * count;
  };

  /** What it came to since the last time. */
  take(): number {
    const dollars = this.#dollars;
    this.#dollars = 0;
    return dollars;
  }
}
