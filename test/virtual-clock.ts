import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../core/ports/clock.ts';

/** More alarms than any test plans: something sleeps for ever. */
const MAX_ALARMS = 100_000;

interface Alarm {
  readonly atMs: number;
  /** Alarms of one time ring in the order they were set. */
  readonly order: number;
  readonly ring: () => void;
  isOff: boolean;
}

/** A clock that stands still until somebody turns it. */
export class VirtualClock implements Clock {
  #nowMs: number;
  /** By how much it jumped so far, in milliseconds. */
  jumpedMs = 0;
  #set = 0;
  /** A binary heap, the next alarm first. */
  readonly #alarms: Alarm[] = [];

  constructor(nowMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Alarms that are set, those that were called off and are not yet met among them. */
  get size(): number {
    return this.#alarms.length;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.schedule(ms, wake));
  }

  /** Rings after that many milliseconds, unless what is given back is called before. */
  schedule(ms: number, ring: () => void): () => void {
    this.#set += 1;
    const alarm = { atMs: this.#nowMs + ms, order: this.#set, ring, isOff: false };
    this.#push(alarm);
    return () => {
      alarm.isOff = true;
    };
  }

  /** When the next alarm rings, in milliseconds since 1970; undefined when none is set. */
  nextMs(): number | undefined {
    for (let first = this.#alarms[0]; first !== undefined; first = this.#alarms[0]) {
      if (!first.isOff) return first.atMs;
      this.#pop();
    }
    return undefined;
  }

  /** Turns time to the next alarm; false when there is none. What follows of it is not waited for. */
  step(): boolean {
    if (this.nextMs() === undefined) return false;
    const alarm = this.#pop();
    if (alarm === undefined) return false;
    this.#nowMs = Math.max(this.#nowMs, alarm.atMs);
    alarm.ring();
    return true;
  }

  /** Time jumps; alarms on the way ring afterwards, late. */
  jump(ms: number): void {
    this.#nowMs += ms;
    this.jumpedMs += ms;
  }

  /** Time passes at once; alarms on the way ring in order. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settled();
    for (let next = this.nextMs(); next !== undefined && next <= endMs; next = this.nextMs()) {
      this.step();
      await settled();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /** Time passes until nobody sleeps any more. */
  async runUntilIdle(): Promise<void> {
    await settled();
    for (let rung = 0; this.step(); rung += 1) {
      if (rung === MAX_ALARMS) throw new Error(`still not idle after ${MAX_ALARMS} alarms`);
      await settled();
    }
  }

  /** Turns time from alarm to alarm until the job is over. */
  async drive<T>(job: Promise<T>): Promise<T> {
    let over = false;
    const watched = job.finally(() => {
      over = true;
    });
    watched.catch(() => {}); // thrown to the caller at the end
    for (await settled(); !over; await settled()) {
      if (!this.step()) throw new Error('the job waits, and not for time');
    }
    return watched;
  }

  #push(alarm: Alarm): void {
    const heap = this.#alarms;
    let at = heap.push(alarm) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, alarm)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = alarm;
  }

  #pop(): Alarm | undefined {
    const heap = this.#alarms;
    const first = heap[0];
    const last = heap.pop();
    if (first === last || last === undefined) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const below = isRight ? right : left;
      if (below === undefined || isBefore(last, below)) break;
      heap[at] = below;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Alarm, b: Alarm): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Everything that can go on without time has gone on. */
export async function settled(): Promise<void> {
  await setImmediate();
}
