import { chance } from './chance.ts';

/** How a host behaves. */
export type HostKind =
  | 'live'
  /** Each answer takes many seconds. */
  | 'slow'
  /** Accepts connections and never sends a byte. */
  | 'silent'
  /** Refuses connections after a while. */
  | 'unreachable';

/** What a web of the model is like. */
export interface WebOptions {
  readonly urls: number;
  readonly hosts: number;
  /** Exponent of the law by which the hosts have their URLs: 1 makes the second half as large as the first. */
  readonly zipf: number;
  readonly seed: number;
}

/** The hosts of `bench/real-list.ts`: one in twenty is dead, half of these silent. */
const DEAD = 0.05;
/** Of a hundred hosts two need 5 to 15 s for each answer. */
const SLOW = 0.02;
/** Operators of the biggest hosts keep them up, and fast. */
const WELL_KEPT = 100;
const SLOW_FROM_MS = 5000;
const SLOW_TO_MS = 15_000;
/** Of all others, connections and pictures of 26 kB included. */
const FROM_MS = 80;
const TO_MS = 320;

const KIND = 1;
const LATENCY = 2;
const PHASE = 3;

/** Hosts by rank, from 0: how many URLs each has, and how it answers. */
export class HostWeb {
  readonly options: WebOptions;
  /** How many URLs hosts before each rank have, and all together at the end. */
  readonly before: Float64Array;

  constructor(options: WebOptions) {
    this.options = options;
    const { urls, hosts, zipf } = options;
    this.before = new Float64Array(hosts + 1);
    let sum = 0;
    for (let rank = 0; rank < hosts; rank += 1) {
      sum += (rank + 1) ** -zipf;
      this.before[rank + 1] = sum;
    }
    for (let rank = 0; rank <= hosts; rank += 1)
      this.before[rank] = Math.round(((this.before[rank] ?? 0) * urls) / sum);
  }

  get hosts(): number {
    return this.options.hosts;
  }

  /** URLs of a host. */
  count(rank: number): number {
    return (this.before[rank + 1] ?? 0) - (this.before[rank] ?? 0);
  }

  /** Of them so many are among the first `share` of the list. */
  countUpTo(rank: number, share: number): number {
    const count = this.count(rank);
    const phase = chance(rank, this.options.seed + PHASE);
    return share >= 1 ? count : Math.min(count, Math.floor(count * share + phase));
  }

  /** The host that the URL of that number is of. */
  rankOf(url: number): number {
    let from = 0;
    for (let to = this.hosts - 1; from < to; ) {
      const middle = (from + to) >> 1;
      if ((this.before[middle + 1] ?? 0) > url) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  kind(rank: number): HostKind {
    if (rank < WELL_KEPT) return 'live';
    const draw = chance(rank, this.options.seed + KIND);
    if (draw < DEAD / 2) return 'silent';
    if (draw < DEAD) return 'unreachable';
    return draw < DEAD + SLOW ? 'slow' : 'live';
  }

  /** How long an answer takes, in milliseconds. */
  latencyMs(rank: number): number {
    const draw = chance(rank, this.options.seed + LATENCY);
    if (this.kind(rank) === 'slow') return SLOW_FROM_MS + draw * (SLOW_TO_MS - SLOW_FROM_MS);
    return FROM_MS + draw * (TO_MS - FROM_MS);
  }
}
