import type { SettledResult } from '../../core/model/result.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ResultLedger } from '../../core/ports/ledger.ts';
import type { ShardShelf } from './shard-shelf.ts';

/** Dependencies of finishing a run. */
export interface FinishPorts {
  readonly shelf: ShardShelf;
  readonly ledger: Pick<ResultLedger, 'enter' | 'limits' | 'settle'>;
  readonly clock: Clock;
  readonly newName: () => string;
  /**
   * Tells later runs that these shards of the run are gone, and gives those of them that no other run
   * refers to: they may be removed.
   */
  readonly freeShards: (uris: readonly string[]) => Promise<readonly string[]>;
}

/** A run that has ended, and that nobody works on. */
export interface EndedRun {
  readonly runId: string;
  /** Its results that have images; read more than once. */
  readonly results: () => AsyncIterable<SettledResult>;
  readonly groupOf: (url: string) => string;
  /** Younger shards stay although nothing refers to them, in milliseconds: a worker may still need them. */
  readonly graceMs: number;
}
