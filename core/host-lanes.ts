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

/** What came of asking for a turn: the job ran, or there was no turn to give. */
export type Turn<T> =
  | { readonly kind: 'ran'; readonly value: T }
  /** The next free turn lies behind `notAfterMs`. */
  | { readonly kind: 'cut' }
  /** The host asked for quiet. */
  | { readonly kind: 'paused'; readonly untilMs: number };

/** Lanes kept before those are looked for that became idle since they were last asked. */
const MANY_LANES = 1000;

interface Waiting {
  readonly pace: Pace;
  readonly begin: (turn: 'go' | 'cut' | { readonly untilMs: number }) => void;
}

interface Lane {
  active: number;
  nextStartMs: number;
  pausedUntilMs: number;
  sleeping: boolean;
  readonly queue: Waiting[];
}

/**
 * One lane for each host, many hosts side by side. The only door to the network, so that no path
 * (redirect, robots.txt) can be faster than a host allows.
 */
export class HostLanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs the job when it is its host's turn. Jobs of a host start in the order they came. */
  async run<T>(host: string, pace: Pace, job: () => Promise<T>): Promise<Turn<T>> {
    const lane = this.#lane(host);
    const turn = await new Promise<Parameters<Waiting['begin']>[0]>((begin) => {
      lane.queue.push({ pace, begin });
      this.#advance(host, lane);
    });
    if (turn === 'cut') return { kind: 'cut' };
    if (turn !== 'go') return { kind: 'paused', untilMs: turn.untilMs };
    try {
      return { kind: 'ran', value: await job() };
    } finally {
      lane.active -= 1;
      this.#advance(host, lane);
    }
  }

  /** No start to this host before that time; whoever waits is told at once. */
  pause(host: string, untilMs: number): void {
    const lane = this.#lane(host);
    lane.pausedUntilMs = Math.max(lane.pausedUntilMs, untilMs);
    this.#advance(host, lane);
  }

  /** Hosts that are remembered. */
  get size(): number {
    return this.#lanes.size;
  }

  #lane(host: string): Lane {
    const known = this.#lanes.get(host);
    if (known !== undefined) return known;
    if (this.#lanes.size >= MANY_LANES) this.#forgetAllIdle();
    const lane: Lane = { active: 0, nextStartMs: 0, pausedUntilMs: 0, sleeping: false, queue: [] };
    this.#lanes.set(host, lane);
    return lane;
  }

  #advance(host: string, lane: Lane): void {
    const now = this.#clock.now();
    for (let next = lane.queue[0]; next !== undefined; next = lane.queue[0]) {
      const startMs = Math.max(now, lane.nextStartMs);
      if (lane.pausedUntilMs > now) next.begin({ untilMs: lane.pausedUntilMs });
      else if (startMs > next.pace.notAfterMs) next.begin('cut');
      else if (lane.active >= next.pace.perHost) return;
      else if (startMs > now) {
        this.#wakeAt(host, lane, startMs - now);
        return;
      } else this.#start(lane, next, now);
      lane.queue.shift();
    }
    this.#forgetIdle(host, lane, now);
  }

  /** A worker lives long and meets many hosts: an idle lane without a memory is forgotten. */
  #forgetIdle(host: string, lane: Lane, now: number): void {
    const remembers = lane.nextStartMs > now || lane.pausedUntilMs > now;
    if (lane.active === 0 && !lane.sleeping && !remembers) this.#lanes.delete(host);
  }

  /** A lane whose delay or pause was not over when its last job ended is nobody's turn again. */
  #forgetAllIdle(): void {
    const now = this.#clock.now();
    for (const [host, lane] of this.#lanes) this.#forgetIdle(host, lane, now);
  }

  #start(lane: Lane, next: Waiting, now: number): void {
    lane.active += 1;
    lane.nextStartMs = now + next.pace.delayMs;
    next.begin('go');
  }

  #wakeAt(host: string, lane: Lane, ms: number): void {
    if (lane.sleeping) return;
    lane.sleeping = true;
    void this.#clock.sleep(ms).then(() => {
      lane.sleeping = false;
      this.#advance(host, lane);
    });
  }
}
