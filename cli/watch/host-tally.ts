import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { ROBOTS_REASONS } from '../../contract/metrics.ts';
import { hostOf } from '../../core/model/canonical-url.ts';

/** Hosts that are told apart; results of those met later are counted together. */
const MAX_HOSTS = 5000;

/** What is known of the results of a host. */
export interface HostSums {
  readonly host: string;
  succeeded: number;
  failed: number;
  skipped: number;
  /** Targets that its robots.txt or an opt-out kept out. */
  refused: number;
  /** Targets that were asked for, and the time of their last attempts in milliseconds. */
  asked: number;
  askedMs: number;
}

/** Adds up results by host, in bounded memory. */
export class HostTally {
  readonly #hosts = new Map<string, HostSums>();
  #results = 0;
  #askedMs = 0;

  add({ url, status, reason, attempts = 0, durationMs = 0 }: ResultLine): void {
    if (url.startsWith('data:')) return;
    const sums = this.#sumsOf(hostOf(url));
    this.#results += 1;
    sums[status] += 1;
    if (ROBOTS_REASONS.has(reason)) sums.refused += 1;
    if (attempts === 0) return;
    sums.asked += 1;
    sums.askedMs += durationMs;
    this.#askedMs += durationMs;
  }

  /** Results that were added. */
  get results(): number {
    return this.#results;
  }

  /** Mean time of the last attempt over all results, in milliseconds; 0 where there are none. */
  get meanMs(): number {
    return this.#results === 0 ? 0 : this.#askedMs / this.#results;
  }

  /** Number of hosts that are told apart. */
  get size(): number {
    return this.#hosts.size;
  }

  /** At most so many hosts, those with the most results first. */
  largest(limit: number): readonly HostSums[] {
    return [...this.#hosts.values()].toSorted((a, b) => totalOf(b) - totalOf(a)).slice(0, limit);
  }

  /** What is known of one host. */
  get(host: string): HostSums | undefined {
    return this.#hosts.get(host);
  }

  #sumsOf(host: string): HostSums {
    const name = this.#hosts.has(host) || this.#hosts.size < MAX_HOSTS ? host : 'other hosts';
    const known = this.#hosts.get(name) ?? emptySums(name);
    this.#hosts.set(name, known);
    return known;
  }
}

/** Results of a host. */
export function totalOf({ succeeded, failed, skipped }: HostSums): number {
  return succeeded + failed + skipped;
}

/** Sums of a host of which no result is known. */
export function emptySums(host: string): HostSums {
  return { host, succeeded: 0, failed: 0, skipped: 0, refused: 0, asked: 0, askedMs: 0 };
}
