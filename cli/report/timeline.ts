/** Most columns that are kept; twice as long ones take the place of more. */
const MOST_COLUMNS = 120;
const FIRST_WIDTH_MS = 250;

/** How much happened when, from the first moment to the last, in bounded memory. */
export class Timeline {
  #widthMs = FIRST_WIDTH_MS;
  #counts = new Map<number, number>();
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  /** Milliseconds since 1970; what is no time is left out. */
  add(atMs: number): void {
    if (!Number.isFinite(atMs)) return;
    this.#count(Math.floor(atMs / this.#widthMs), 1);
    while (this.#last - this.#first >= MOST_COLUMNS) this.#widen();
  }

  /** Length of a column in milliseconds. */
  get widthMs(): number {
    return this.#widthMs;
  }

  /** Counts of each column, empty ones between others too. */
  columns(): readonly number[] {
    if (this.#counts.size === 0) return [];
    const length = this.#last - this.#first + 1;
    return Array.from({ length }, (_, at) => this.#counts.get(this.#first + at) ?? 0);
  }

  #count(place: number, count: number): void {
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + count);
    this.#first = Math.min(this.#first, place);
    this.#last = Math.max(this.#last, place);
  }

  #widen(): void {
    const narrow = this.#counts;
    this.#widthMs *= 2;
    this.#counts = new Map();
    this.#first = Number.POSITIVE_INFINITY;
    this.#last = Number.NEGATIVE_INFINITY;
    for (const [place, count] of narrow) this.#count(Math.floor(place / 2), count);
  }
}
