import type { RunArchive } from '../../adapters/aws/run-archive.ts';
import type { ErrorRow } from './watch-state.ts';

/** The table, as far as errors are read from it. */
export type FaultArchive = Pick<RunArchive, 'faults'>;

/** Where a look finds errors of functions. */
export interface ErrorSource {
  /** Reads what is new; a bounded amount. */
  read(archive: FaultArchive): Promise<void>;
  /** The latest first. */
  rows(limit: number): readonly ErrorRow[];
  /** Hosts that a worker has paused, the latest last, as far as it is known here. */
  readonly pausedHosts: readonly string[];
}
