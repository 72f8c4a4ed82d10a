import type { RunArchive } from '../../adapters/aws/run-archive.ts';
import type { HostLedger } from '../../core/ports/ledger.ts';

/** The table of a run, while it is looked at. */
export interface RunPlace {
  readonly archive: Pick<RunArchive, 'read' | 'progress' | 'results' | 'faults'>;
  readonly hosts: Pick<HostLedger, 'read'>;
  /** Whether something works on the run: what a look may cost depends on it. */
  readonly live: boolean;
  close(): Promise<void>;
}

/** Opens the table; undefined when there is none. */
export type OpenPlace = () => Promise<RunPlace | undefined>;
