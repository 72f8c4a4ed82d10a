import type { DataSetLine } from './data-set-line.ts';

/** Counts the rows of a shard as img2dataset does in `00000_stats.json`. */
export class ShardStats {
  readonly #statuses = new Map<string, number>();
  #count = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  add({ status, reason, fetchedAt }: DataSetLine): void {
    this.#count += 1;
    const name = status === 'succeeded' ? 'success' : String(reason);
    this.#statuses.set(name, (this.#statuses.get(name) ?? 0) + 1);
    if (fetchedAt === undefined) return;
    const seconds = Date.parse(fetchedAt) / 1000;
    this.#first = Math.min(this.#first, seconds);
    this.#last = Math.max(this.#last, seconds);
  }

  /** The file: times are those of the first and the last request, in seconds since 1970. */
  text(): string {
    const successes = this.#statuses.get('success') ?? 0;
    const isTimed = this.#first <= this.#last;
    const stats = {
      count: this.#count,
      successes,
      failed_to_download: this.#count - successes,
      failed_to_resize: 0,
      duration: isTimed ? this.#last - this.#first : 0,
      start_time: isTimed ? this.#first : null,
      end_time: isTimed ? this.#last : null,
      status_dict: Object.fromEntries([...this.#statuses].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
    return `${JSON.stringify(stats, undefined, 2)}\n`;
  }
}
