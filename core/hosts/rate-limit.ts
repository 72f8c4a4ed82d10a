/**
 * A ceiling of requests per second, as a least time between two starts: no second sees more, at
 * whatever moment it begins. Shared by all hosts that are to share it.
 */
export class RateLimit {
  #nextMs = 0;

  /** When the next request may start, in milliseconds since 1970. */
  get nextMs(): number {
    return this.#nextMs;
  }

  /** A request starts now, at a rate of so many per second. */
  take(ratePerS: number, nowMs: number): void {
    this.#nextMs = Math.max(nowMs, this.#nextMs) + 1000 / ratePerS;
  }
}
