import { hostOf } from '../core/model/canonical-url.ts';
import type { ResultFields } from '../core/model/result.ts';
import { ROBOTS_REASONS } from './metrics.ts';

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

/** What a result is summed by. */
export type SummedResult = Pick<ResultFields, 'url' | 'status' | 'reason'> &
  Partial<Pick<ResultFields, 'attempts' | 'durationMs'>>;

/** Sums by host of however many results, in bounded memory. */
export class SettledSums {
  readonly #hosts = new Map<string, HostSums>();

  /** What came inside a page has no host, and is not counted. */
  add({ url, status, reason, attempts = 0, durationMs = 0 }: SummedResult): void {
    if (url.startsWith('data:')) return;
    const sums = this.#of(hostOf(url));
    sums[status] += 1;
    if (ROBOTS_REASONS.has(reason)) sums.refused += 1;
    if (attempts === 0) return;
    sums.asked += 1;
    sums.askedMs += durationMs;
  }

  /** Adds what was summed elsewhere. */
  addSums({ host, ...more }: HostSums): void {
    const sums = this.#of(host);
    sums.succeeded += more.succeeded;
    sums.failed += more.failed;
    sums.skipped += more.skipped;
    sums.refused += more.refused;
    sums.asked += more.asked;
    sums.askedMs += more.askedMs;
  }

  /** Number of hosts that are told apart. */
  get size(): number {
    return this.#hosts.size;
  }

  /** What is known of one host. */
  get(host: string): HostSums | undefined {
    return this.#hosts.get(host);
  }

  /** All hosts, those met first at the beginning. */
  all(): readonly HostSums[] {
    return [...this.#hosts.values()];
  }

  #of(host: string): HostSums {
    const name = this.#hosts.has(host) || this.#hosts.size < MAX_HOSTS ? host : 'other hosts';
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    const made = emptySums(name);
    this.#hosts.set(name, made);
    return made;
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
