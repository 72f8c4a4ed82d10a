/** One body's share of the budget, from its first byte until nobody needs it any more. */
export class ByteHold {
  readonly #budget: ByteBudget;
  readonly resume: () => void;
  bytes = 0;

  constructor(budget: ByteBudget, resume: () => void) {
    this.#budget = budget;
    this.resume = resume;
  }

  /** Counts bytes that are here already; false: no more may come before `resume` is called. */
  take(bytes: number): boolean {
    return this.#budget.take(this, bytes);
  }

  /** All has come: this one needs no more to go on. */
  complete(): void {
    this.#budget.complete(this);
  }

  /** Nobody needs the bytes any more. Harmless when it is said twice. */
  release(): void {
    this.#budget.release(this);
  }
}

/**
 * Bytes of bodies in memory at once, over all exchanges of a worker. Who is over it waits, but the
 * one that has been receiving for the longest may always go on: so none waits for ever.
 */
export class ByteBudget {
  readonly #limit: number;
  readonly #receiving = new Set<ByteHold>();
  readonly #waiting = new Set<ByteHold>();
  #used = 0;

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes in memory now. */
  get used(): number {
    return this.#used;
  }

  /** A body begins; `resume` is called when it may go on after it had to wait. */
  open(resume: () => void): ByteHold {
    const hold = new ByteHold(this, resume);
    this.#receiving.add(hold);
    return hold;
  }

  take(hold: ByteHold, bytes: number): boolean {
    hold.bytes += bytes;
    this.#used += bytes;
    if (this.#used <= this.#limit) return true;
    const [oldest] = this.#receiving;
    if (hold === oldest || !this.#receiving.has(hold)) return true;
    this.#waiting.add(hold);
    return false;
  }

  complete(hold: ByteHold): void {
    if (this.#leave(hold)) this.#wake();
  }

  release(hold: ByteHold): void {
    this.#used -= hold.bytes;
    hold.bytes = 0;
    this.#leave(hold);
    this.#wake();
  }

  /** Who needs no more to go on waits no longer; true when it was receiving. */
  #leave(hold: ByteHold): boolean {
    this.#waiting.delete(hold);
    return this.#receiving.delete(hold);
  }

  #wake(): void {
    // Nearly always: every body of a crawl comes by here twice.
    if (this.#waiting.size === 0) return;
    let isOldest = true;
    for (const hold of this.#receiving) {
      if (!isOldest && this.#used > this.#limit) return;
      isOldest = false;
      if (this.#waiting.delete(hold)) hold.resume();
    }
  }
}
