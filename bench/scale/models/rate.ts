import type { Clock } from '../../../core/ports/clock.ts';

/** AWS refuses a call, after the tries of the SDK. */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';
}

/** The SDK tries a call again for about so long, in milliseconds. */
const MAX_WAIT_MS = 20_000;

/** A number of units each second, and those of some seconds that were not used. */
export class Rate {
  readonly #clock: Clock;
  readonly #burstMs: number;
  perS: number;
  /** Up to when its units are taken, in milliseconds since 1970. */
  #takenUntilMs: number;
  /** Calls that had to wait. */
  delayed = 0;
  /** Units that were taken. */
  used = 0;

  constructor(clock: Clock, perS: number, burstS = 1) {
    this.#clock = clock;
    this.perS = perS;
    this.#burstMs = burstS * 1000;
    this.#takenUntilMs = clock.now() - this.#burstMs;
  }

  /** What was not used so far is gone. */
  forget(): void {
    this.#takenUntilMs = Math.max(this.#takenUntilMs, this.#clock.now());
  }

  /** Takes units; gives after how many milliseconds they are free. */
  take(units: number): number {
    const now = this.#clock.now();
    const fromMs = Math.max(this.#takenUntilMs, now - this.#burstMs);
    this.#takenUntilMs = fromMs + (units * 1000) / this.perS;
    this.used += units;
    const waitMs = Math.max(0, this.#takenUntilMs - now);
    if (waitMs > 0) this.delayed += 1;
    return waitMs;
  }

  /** How far it is behind, in milliseconds: what was asked for and is not over. */
  get behindMs(): number {
    return Math.max(0, this.#takenUntilMs - this.#clock.now());
  }
}

/** Waits as the SDK does. @throws ThrottledError where it would give up */
export async function waitFor(clock: Clock, latencyMs: number, throttledMs: number): Promise<void> {
  await clock.sleep(latencyMs + Math.min(MAX_WAIT_MS, throttledMs));
  if (throttledMs > MAX_WAIT_MS) throw new ThrottledError(`no room for ${throttledMs} ms`);
}
