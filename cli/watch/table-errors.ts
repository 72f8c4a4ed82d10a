import type { KeptFault } from '../../contract/kept-fault.ts';
import { shortened } from '../report/caption.ts';
import type { ErrorSource, FaultArchive } from './error-source.ts';
import type { ErrorRow } from './watch-state.ts';

/** Functions write no more often. */
const READ_MS = 5000;

/** Errors of a deployed stack's functions, as they keep them in the table. */
export class TableErrors implements ErrorSource {
  readonly pausedHosts = [];
  readonly #runId: string;
  readonly #now: () => number;
  #faults: readonly KeptFault[] = [];
  #nextMs = 0;

  /** `now` gives milliseconds of any clock that goes forward. */
  constructor(runId: string, now: () => number) {
    this.#runId = runId;
    this.#now = now;
  }

  async read(archive: FaultArchive): Promise<void> {
    if (this.#now() < this.#nextMs) return;
    this.#nextMs = this.#now() + READ_MS;
    this.#faults = await archive.faults(this.#runId);
  }

  rows(limit: number): readonly ErrorRow[] {
    return this.#faults.slice(0, limit).map((fault) => {
      return {
        message: shortened(fault.message, 300),
        where: shortened(fault.location ?? '', 200),
        source: fault.functionName,
        count: String(fault.times),
        lastAt: new Date(fault.lastMs).toISOString().slice(11, 19),
      };
    });
  }
}
