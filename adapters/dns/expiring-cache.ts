interface Kept<V> {
  readonly value: V;
  readonly untilMs: number;
}

/**
 * Values that are kept until a time, at most so many: the least recently used one is dropped first.
 * There are no timers: a value that has expired takes its room until it is asked for or dropped.
 */
export class ExpiringCache<V> {
  readonly #maxEntries: number;
  /** In the order of use, the least recent first. */
  readonly #kept = new Map<string, Kept<V>>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** The value of a key, unless it has expired at `nowMs`. */
  get(key: string, nowMs: number): V | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    if (kept.untilMs <= nowMs) return undefined;
    this.#kept.set(key, kept);
    return kept.value;
  }

  set(key: string, value: V, untilMs: number): void {
    this.#kept.delete(key);
    this.#kept.set(key, { value, untilMs });
    if (this.#kept.size <= this.#maxEntries) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
