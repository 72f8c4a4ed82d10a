import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import type { SettledBatch } from '../../contract/settled-batch.ts';
import { HostTally } from './host-tally.ts';
import { PictureRing } from './picture-ring.ts';
import { ResultReader } from './result-reader.ts';

/** How much one look may read. */
export interface ReadBudget {
  /** Results at most. */
  readonly results: number;
}

/**
 * What was seen of a run's results. They are read from the table in passes, a bounded part of a pass
 * at each look; one pass over all is followed by another when more is settled by then. In the
 * process of the crawl new results are fed as they settle, and one pass reads the older ones.
 */
export class SeenResults {
  readonly pictures = new PictureRing();
  #tally = new HostTally();
  /** Of the last whole pass: shown until the next one knows more. */
  #whole = new HostTally();
  #reader: ResultReader | undefined;
  #settledAtBegin = -1;
  #settledAtEnd = -1;
  /** Results that were fetched before are read, the others are fed; ISO 8601. */
  #fedSince: string | undefined;

  /** Sums by host: of this pass, or of the last one while that knew more. */
  get tally(): HostTally {
    return this.#tally.results >= this.#whole.results ? this.#tally : this.#whole;
  }

  /** Whether nothing is left to read of a run with so many settled URLs. */
  hasRead(settled: number): boolean {
    if (this.#reader !== undefined) return false;
    return this.#fedSince === undefined ? this.#settledAtEnd === settled : this.#settledAtEnd >= 0;
  }

  /** What is fetched from this time on (ISO 8601) is fed. */
  async beginFeed(since: string): Promise<void> {
    this.#fedSince = since;
    this.#tally = new HostTally();
    this.#whole = new HostTally();
    this.#settledAtEnd = -1;
    await this.abandon();
  }

  /** Takes what was fetched since then, as it is settled. */
  feed({ sums, pictures }: SettledBatch): void {
    if (this.#fedSince === undefined) return;
    for (const one of sums) this.#tally.addSums(one);
    for (const one of pictures) this.pictures.offer(one);
  }

  /** Goes on with the pass, or begins one where there is something new. Rejects on infrastructure errors. */
  async read(
    open: () => AsyncGenerator<ResultLine>,
    settled: number,
    budget: ReadBudget,
  ): Promise<void> {
    if (this.hasRead(settled)) return;
    this.#reader ??= this.#begin(open, settled);
    const lines = await this.#reader.read(budget.results);
    const before = this.#fedSince;
    const older = ({ fetchedAt = '' }: ResultLine) => before === undefined || fetchedAt < before;
    this.#add(lines.filter(older));
    if (!this.#reader.hasEnded) return;
    this.#reader = undefined;
    this.#settledAtEnd = this.#settledAtBegin;
    this.#whole = this.#tally;
  }

  /** Gives up the pass: the table is closed. */
  async abandon(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    // A second pass would count again what the first one has counted.
    if (reader !== undefined && this.#fedSince !== undefined) this.#settledAtEnd = 0;
    await reader?.close();
  }

  #begin(open: () => AsyncGenerator<ResultLine>, settled: number): ResultReader {
    this.#settledAtBegin = settled;
    if (this.#fedSince === undefined) this.#tally = new HostTally();
    return new ResultReader(open());
  }

  #add(lines: readonly ResultLine[]): void {
    for (const line of lines) {
      this.#tally.add(line);
      this.pictures.offer(line);
    }
  }
}
