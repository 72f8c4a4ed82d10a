interface Alarm<T> {
  readonly atMs: number;
  readonly of: T;
}

/** Things that become due, the earliest first: a binary heap. */
export class Alarms<T> {
  readonly #heap: Alarm<T>[] = [];

  /** When the next thing is due; undefined where nothing waits. */
  get nextMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  set(of: T, atMs: number): void {
    const heap = this.#heap;
    let at = heap.push({ atMs, of }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#timeAt(parent) <= atMs) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Takes the next thing that is due; undefined where nothing is. */
  take(nowMs: number): T | undefined {
    const heap = this.#heap;
    const [first] = heap;
    if (first === undefined || first.atMs > nowMs) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first.of;
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = this.#timeAt(right) < this.#timeAt(left) ? right : left;
      if (this.#timeAt(least) >= this.#timeAt(at)) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #timeAt(at: number): number {
    return this.#heap[at]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return;
    this.#heap[a] = other;
    this.#heap[b] = one;
  }
}
