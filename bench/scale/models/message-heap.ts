/** Numbers with what they stand for, the least one first. */
export class MinHeap<T> {
  readonly #entries: { readonly key: number; readonly value: T }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  peek(): { readonly key: number; readonly value: T } | undefined {
    return this.#entries[0];
  }

  push(key: number, value: T): void {
    const heap = this.#entries;
    const entry = { key, value };
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.key <= key) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): { readonly key: number; readonly value: T } | undefined {
    const heap = this.#entries;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const isRight = left !== undefined && right !== undefined && right.key < left.key;
      const below = isRight ? right : left;
      if (below === undefined || last.key <= below.key) break;
      heap[at] = below;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
    return first;
  }
}
