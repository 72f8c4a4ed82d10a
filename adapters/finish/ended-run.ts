import type { FinishPlace } from '../../contract/finish-event.ts';
import type { ResultFields, SettledResult } from '../../core/model/result.ts';
import type { FinishSums } from '../../core/model/run-finish.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ResultLedger } from '../../core/ports/ledger.ts';
import type { ShardShelf } from '../shards/shard-shelf.ts';

/** A line of the results of a run that has ended. */
export type EndedLine =
  | { readonly kind: 'settled'; readonly result: SettledResult }
  /** Met and left out: it has no image. */
  | { readonly kind: 'left-out'; readonly line: Partial<ResultFields> };

/** How many results a host group has, by what was counted of it. */
export interface GroupSize {
  readonly group: string;
  readonly results: number;
}

/** A run that has ended, and that nobody works on. */
export interface EndedRun {
  readonly runId: string;
  /** Those with results, always in the same order. */
  readonly groups: readonly GroupSize[];
  /** Its lines, one for each URL; read twice. */
  readonly linesOf: (group: string) => AsyncIterable<EndedLine>;
  /** Younger shards stay although nothing refers to them, in milliseconds: a worker may still need them. */
  readonly graceMs: number;
}

/** Writes tables of results. */
export interface TableStore {
  /** Writes rows to an object, whole or not at all; what is there is replaced. */
  write(key: string, rows: AsyncIterable<Partial<ResultFields>>): Promise<void>;
}

/** Dependencies of finishing a run. */
export interface FinishPorts {
  readonly shelf: ShardShelf;
  readonly ledger: Pick<ResultLedger, 'enter' | 'limits' | 'settle'>;
  /** Absent where no tables are wanted. */
  readonly tables?: TableStore;
  readonly clock: Clock;
}

/** Whoever finishes a run now: nobody else does, and its names are its own. */
export interface Finishing {
  readonly run: EndedRun;
  readonly by: string;
  readonly ports: FinishPorts;
  /** Whether there is no time for one more portion. */
  readonly isLate: () => boolean;
  /** Whether nobody has begun to finish the run since, and the run has not gone on. */
  readonly isMine: () => Promise<boolean>;
  /** Which of these shards may be removed: what another run took from the others stays. */
  readonly freeOf: (uris: readonly string[]) => Promise<readonly string[]>;
}

/** All is done. */
export interface Finished {
  readonly kind: 'finished';
  readonly sums: FinishSums;
}

/** How a step ended. */
export type StepEnd =
  | { readonly kind: 'next'; readonly place: FinishPlace }
  | Finished
  /** Somebody else finishes the run, or it goes on. */
  | { readonly kind: 'stopped' };
