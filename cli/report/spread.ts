/** Steps of a spread that double the value. */
const STEPS = 8;

/** How numbers are spread, in bounded memory: what it tells is right to a tenth. */
export class Spread {
  readonly #steps = new Map<number, number>();
  #count = 0;
  #max = 0;

  add(value: number): void {
    const step = value < 1 ? -1 : Math.floor(Math.log2(value) * STEPS);
    this.#steps.set(step, (this.#steps.get(step) ?? 0) + 1);
    this.#count += 1;
    this.#max = Math.max(this.#max, value);
  }

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  /** The value that so large a share (0 to 1) of the numbers does not exceed. */
  quantile(share: number): number {
    let below = 0;
    for (const [step, count] of [...this.#steps].toSorted(([a], [b]) => a - b)) {
      below += count;
      if (below >= share * this.#count) return Math.min(this.#max, upperEnd(step));
    }
    return this.#max;
  }

  /** Counts between borders: below the first, from each up to the next, from the last on. */
  between(borders: readonly number[]): readonly number[] {
    const counts = Array.from({ length: borders.length + 1 }, () => 0);
    for (const [step, count] of this.#steps) {
      const at = borders.findIndex((border) => lowerEnd(step) < border);
      const place = at === -1 ? borders.length : at;
      counts[place] = (counts[place] ?? 0) + count;
    }
    return counts;
  }
}

function lowerEnd(step: number): number {
  return step === -1 ? 0 : 2 ** (step / STEPS);
}

function upperEnd(step: number): number {
  return 2 ** ((step + 1) / STEPS);
}
