import { HostLane, type HostPace, type Pace, type Turn } from './host-lane.ts';
import type { Reason } from './outcome.ts';
import type { Clock } from './ports/clock.ts';

/** Lanes kept, at least, before those are looked for that became idle. */
const MANY_LANES = 1000;

/**
 * One lane for each host, many hosts side by side. The only door to the network, so that no path
 * (redirect, robots.txt) can be faster than a host allows.
 */
export class HostLanes {
  readonly #lanes = new Map<string, HostLane>();
  readonly #clock: Clock;
  readonly #random: () => number;
  #many = MANY_LANES;

  /** `random` gives numbers from 0 up to 1: pauses are jittered. */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Runs the job when it is its host's turn. Jobs of a host start in the order they came. */
  async run<T>(host: string, pace: Pace, job: (begin: () => void) => Promise<T>): Promise<Turn<T>> {
    return this.#lane(host).run(pace, job);
  }

  /** Whether a host is not to be asked again in this run. */
  isHopeless(host: string): boolean {
    return this.#lanes.get(host)?.isHopeless ?? false;
  }

  /** The host answered well. */
  good(host: string): void {
    this.#lanes.get(host)?.good();
  }

  /** What was asked of the host failed; gives how it is to be approached from now on. */
  bad(host: string, reason: Reason, retryAfterMs?: number): HostPace {
    const lane = this.#lane(host);
    lane.bad(reason, this.#random(), retryAfterMs);
    return lane.pace;
  }

  /** How a host is to be approached; undefined when nothing is remembered of it. */
  paceOf(host: string): HostPace | undefined {
    return this.#lanes.get(host)?.pace;
  }

  /** What another worker knew of a host. */
  learn(host: string, pace: HostPace): void {
    this.#lane(host).learn(pace);
  }

  /** Hosts that are remembered. */
  get size(): number {
    return this.#lanes.size;
  }

  #lane(host: string): HostLane {
    const known = this.#lanes.get(host);
    if (known !== undefined) return known;
    if (this.#lanes.size >= this.#many) this.#forgetIdle();
    const lane = new HostLane(this.#clock);
    this.#lanes.set(host, lane);
    return lane;
  }

  /** A worker lives long and meets many hosts, and a lane's memory ends without a job of its own. */
  #forgetIdle(): void {
    for (const [host, lane] of this.#lanes) if (lane.isIdle) this.#lanes.delete(host);
    this.#many = Math.max(MANY_LANES, 2 * this.#lanes.size);
  }
}
