import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';

/**
 * Reads the results of a run piece by piece: between two pieces it keeps its place, so that nothing
 * is read twice and a look costs little, however many results there are.
 */
export class ResultReader {
  readonly #results: AsyncGenerator<ResultLine>;
  #hasEnded = false;

  constructor(results: AsyncGenerator<ResultLine>) {
    this.#results = results;
  }

  /** Whether all was read. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** At most so many of the next results; none after the end. Rejects on infrastructure errors. */
  async read(limit: number): Promise<readonly ResultLine[]> {
    const lines: ResultLine[] = [];
    while (lines.length < limit && !this.#hasEnded) {
      const next = await this.#results.next();
      if (next.done === true) this.#hasEnded = true;
      else lines.push(next.value);
    }
    return lines;
  }

  /** Lets go of its place. */
  async close(): Promise<void> {
    this.#hasEnded = true;
    await this.#results.return(undefined);
  }
}
