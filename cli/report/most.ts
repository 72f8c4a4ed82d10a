/** The few items with the highest rank of however many are offered. */
export class Most<Item> {
  readonly #limit: number;
  readonly #rank: (item: Item) => number | string;
  #kept: Item[] = [];

  constructor(limit: number, rank: (item: Item) => number | string) {
    this.#limit = limit;
    this.#rank = rank;
  }

  offer(item: Item): void {
    this.#kept.push(item);
    // Sorted seldom: looking at a million items costs a million pushes.
    if (this.#kept.length >= 8 * this.#limit) this.#kept = this.#sorted();
  }

  /** The highest rank first. */
  items(): readonly Item[] {
    return this.#sorted();
  }

  #sorted(): Item[] {
    const rank = this.#rank;
    const byRank = (a: Item, b: Item) => (rank(a) < rank(b) ? 1 : Number(rank(a) > rank(b)) * -1);
    return this.#kept.toSorted(byRank).slice(0, this.#limit);
  }
}
