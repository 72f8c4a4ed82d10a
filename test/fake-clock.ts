import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../core/ports/clock.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** More wake-ups than any test plans: something sleeps for ever. */
const MAX_WAKES = 100_000;

/** Virtual time: it passes only when a test says so. */
export class FakeClock implements Clock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];

  constructor(nowMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ atMs: this.#nowMs + ms, wake }));
  }

  /** How many sleep. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  /** Time passes; who sleeps less is woken at its own time, the soonest first. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settleDown();
    for (let next = this.#soonest(); next !== undefined; next = this.#soonest()) {
      if (next.atMs > endMs) break;
      await this.#wake(next);
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /** Time passes until nobody sleeps any more. */
  async runUntilIdle(): Promise<void> {
    await settleDown();
    let wakes = 0;
    for (let next = this.#soonest(); next !== undefined; next = this.#soonest()) {
      if (wakes === MAX_WAKES) throw new Error(`still not idle after ${MAX_WAKES} wake-ups`);
      wakes += 1;
      await this.#wake(next);
    }
  }

  #soonest(): Sleeper | undefined {
    return this.#sleepers.toSorted((a, b) => a.atMs - b.atMs)[0];
  }

  async #wake(sleeper: Sleeper): Promise<void> {
    this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
    this.#nowMs = Math.max(this.#nowMs, sleeper.atMs);
    sleeper.wake();
    await settleDown();
  }
}

/** Lets everything go on that does not wait for time; twice, for what the first turn sets off. */
async function settleDown(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
