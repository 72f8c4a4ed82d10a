import { HostHealth, type HostMood } from './host-health.ts';
import type { Reason } from './outcome.ts';
import type { Clock } from './ports/clock.ts';

/** The pace of one host. */
export interface Pace {
  /** Requests at once. */
  readonly perHost: number;
  /** Least time between two starts, in milliseconds. */
  readonly delayMs: number;
  /** No start after this time, in milliseconds since 1970. */
  readonly notAfterMs: number;
}

/** Why there is no turn to give. */
export type NoTurn =
  /** The next free turn lies behind `notAfterMs`: it comes then, in milliseconds since 1970. */
  | { readonly kind: 'cut'; readonly untilMs: number }
  /** The host is left alone until then, in milliseconds since 1970. */
  | { readonly kind: 'paused'; readonly untilMs: number }
  /** The host failed too often, or wants more quiet than a run waits; `reason` is its last one. */
  | { readonly kind: 'hopeless'; readonly reason: Reason; readonly untilMs: number };

/** What came of asking for a turn: the job ran, or there was no turn to give. */
export type Turn<T> = NoTurn | { readonly kind: 'ran'; readonly value: T };

/** What the next worker has to know of a host. */
export interface HostPace extends HostMood {
  /** No request before, in milliseconds since 1970. */
  readonly nextStartMs: number;
}

interface Waiting {
  readonly pace: Pace;
  readonly begin: (turn: NoTurn | 'go') => void;
}

/** How long a lane remembers that its host was in trouble, in milliseconds after its pause. */
const TROUBLE_KEPT_MS = 60_000;
/** How long it remembers its last start, in milliseconds: the longest delay that is ever kept. */
const START_KEPT_MS = 30_000;

/** The requests to one host: in order, never too many at once, never too soon. */
export class HostLane {
  readonly #clock: Clock;
  readonly #health = new HostHealth();
  readonly #queue: Waiting[] = [];
  #active = 0;
  #lastStartMs = Number.NEGATIVE_INFINITY;
  #nextStartMs = 0;
  /** A turn was given, and its request is not under way yet: the delay to the next one begins with it. */
  #isBeginning = false;
  #isAsleep = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What another worker left: the later times hold. */
  learn(pace: HostPace): void {
    this.#health.learn(pace);
    this.#nextStartMs = Math.max(this.#nextStartMs, pace.nextStartMs);
  }

  /**
   * Runs the job when it is its turn; jobs start in the order they came. The job says when its
   * request goes out: what it has to do before is no part of the delay that the host sees.
   */
  async run<T>(pace: Pace, job: (begin: () => void) => Promise<T>): Promise<Turn<T>> {
    const turn = await new Promise<NoTurn | 'go'>((begin) => {
      this.#queue.push({ pace, begin });
      this.#advance();
    });
    if (turn !== 'go') return turn;
    let hasBegun = pace.delayMs === 0;
    const begin = () => {
      if (!hasBegun) this.#begin(pace);
      hasBegun = true;
    };
    try {
      return { kind: 'ran', value: await job(begin) };
    } finally {
      this.#active -= 1;
      if (!hasBegun) this.#isBeginning = false;
      this.#advance();
    }
  }

  /** A good answer: the host is well. */
  good(): void {
    this.#health.good(this.#clock.now());
  }

  /** A bad one; when it begins a pause, whoever waits is told at once. */
  bad(reason: Reason, random: number, retryAfterMs?: number): void {
    this.#health.bad(reason, this.#clock.now(), random, retryAfterMs);
    this.#advance();
  }

  /** Whether the host is not to be asked again in this run. */
  get isHopeless(): boolean {
    return this.#health.isHopeless(this.#clock.now());
  }

  get pace(): HostPace {
    return { ...this.#health.mood, nextStartMs: this.#nextStartMs };
  }

  /** Whether it can be forgotten: it has nothing to do, and nothing that a later job must know. */
  get isIdle(): boolean {
    const now = this.#clock.now();
    const { pauses, pausedUntilMs } = this.#health.mood;
    const isAtWork = this.#active > 0 || this.#isAsleep || this.#queue.length > 0;
    const startedLately = Math.max(this.#nextStartMs, this.#lastStartMs + START_KEPT_MS) > now;
    const wasInTrouble = pauses > 0 && pausedUntilMs + TROUBLE_KEPT_MS > now;
    return !isAtWork && !startedLately && !wasInTrouble;
  }

  #advance(): void {
    const now = this.#clock.now();
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      // The delay may be longer now than it was: robots.txt is asked before it is known.
      const startMs = Math.max(now, this.#nextStartMs, this.#lastStartMs + next.pace.delayMs);
      const noTurn = this.#refusal(next.pace, now, startMs);
      if (noTurn !== undefined) next.begin(noTurn);
      else if (this.#isBeginning || this.#active >= this.#mostAtOnce(next.pace)) return;
      else if (startMs > now) {
        this.#wakeIn(startMs - now);
        return;
      } else this.#start(next, now);
      this.#queue.shift();
    }
  }

  #refusal({ notAfterMs }: Pace, now: number, startMs: number): NoTurn | undefined {
    const { pausedUntilMs, reason } = this.#health.mood;
    if (reason !== null && this.#health.isHopeless(now))
      return { kind: 'hopeless', reason, untilMs: pausedUntilMs };
    if (pausedUntilMs > now) return { kind: 'paused', untilMs: pausedUntilMs };
    return startMs > notAfterMs ? { kind: 'cut', untilMs: startMs } : undefined;
  }

  #mostAtOnce({ perHost }: Pace): number {
    return this.#health.isOnTrial ? 1 : perHost;
  }

  #start(next: Waiting, now: number): void {
    this.#active += 1;
    this.#isBeginning = next.pace.delayMs > 0;
    this.#noteStart(next.pace, now);
    next.begin('go');
  }

  #begin(pace: Pace): void {
    this.#noteStart(pace, this.#clock.now());
    this.#isBeginning = false;
    this.#advance();
  }

  #noteStart({ delayMs }: Pace, now: number): void {
    this.#lastStartMs = now;
    this.#nextStartMs = now + delayMs;
  }

  #wakeIn(ms: number): void {
    if (this.#isAsleep) return;
    this.#isAsleep = true;
    void this.#clock.sleep(ms).then(() => {
      this.#isAsleep = false;
      this.#advance();
    });
  }
}
