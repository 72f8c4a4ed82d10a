/** A line of callers, first come, first served. */
class Line {
  #waiting: (() => void)[] = [];
  #next = 0;

  push(begin: () => void): void {
    this.#waiting.push(begin);
  }

  shift(): (() => void) | undefined {
    const first = this.#waiting[this.#next];
    if (first === undefined) return undefined;
    this.#next += 1;
    // A line of thousands is not moved up by one each time.
    if (this.#next > 1000 && this.#next * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    return first;
  }
}

/**
 * Places for exchanges under way at once. Hosts that have answered come before those that are
 * contacted for the first time: their connections are open, and would be closed while they wait.
 */
export class Slots {
  readonly #most: number;
  readonly #known = new Line();
  readonly #unproven = new Line();
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Places that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Resolves when there is a place; `release` gives it back. `isProven`: its host has answered. */
  async acquire(isProven: boolean): Promise<void> {
    if (this.#taken < this.#most) {
      this.#taken += 1;
      return;
    }
    const line = isProven ? this.#known : this.#unproven;
    await new Promise<void>((begin) => line.push(begin));
  }

  /** The place is handed on, so that nobody who comes now can slip in between. */
  release(): void {
    const next = this.#known.shift() ?? this.#unproven.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
