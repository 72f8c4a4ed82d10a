import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { type HostSums, SettledSums, totalOf } from '../../contract/settled-sums.ts';

/** Adds up results by host, in bounded memory. */
export class HostTally {
  readonly #sums = new SettledSums();
  #results = 0;
  #askedMs = 0;

  add(line: ResultLine): void {
    if (line.url.startsWith('data:')) return;
    this.#sums.add(line);
    this.#results += 1;
    if ((line.attempts ?? 0) > 0) this.#askedMs += line.durationMs ?? 0;
  }

  /** Adds what was summed elsewhere. */
  addSums(sums: HostSums): void {
    this.#sums.addSums(sums);
    this.#results += totalOf(sums);
    this.#askedMs += sums.askedMs;
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
    return this.#sums.size;
  }

  /** At most so many hosts, those with the most results first. */
  largest(limit: number): readonly HostSums[] {
    return this.#sums
      .all()
      .toSorted((a, b) => totalOf(b) - totalOf(a))
      .slice(0, limit);
  }

  /** What is known of one host. */
  get(host: string): HostSums | undefined {
    return this.#sums.get(host);
  }
}
