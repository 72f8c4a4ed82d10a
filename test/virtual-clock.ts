import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../core/ports/clock.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until somebody turns it. */
export class VirtualClock implements Clock {
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

  /** Time passes at once; sleepers on the way are woken in order. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settleDown();
    for (let next = this.#next(); next !== undefined && next.atMs <= endMs; next = this.#next()) {
      await this.#wake(next);
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /** Turns time from sleeper to sleeper until the job is over. */
  async drive<T>(job: Promise<T>): Promise<T> {
    let over = false;
    const watched = job.finally(() => {
      over = true;
    });
    watched.catch(() => {}); // thrown to the caller at the end
    for (await settleDown(); !over; await settleDown()) {
      const next = this.#next();
      if (next === undefined) throw new Error('the job waits, and not for time');
      await this.#wake(next);
    }
    return watched;
  }

  #next(): Sleeper | undefined {
    const [first, ...others] = this.#sleepers;
    if (first === undefined) return undefined;
    return others.reduce((soonest, one) => (one.atMs < soonest.atMs ? one : soonest), first);
  }

  async #wake(sleeper: Sleeper): Promise<void> {
    this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
    this.#nowMs = Math.max(this.#nowMs, sleeper.atMs);
    sleeper.wake();
    await settleDown();
  }
}

/** Everything that can go on without time has gone on: twice, for what a first turn sets off. */
async function settleDown(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
