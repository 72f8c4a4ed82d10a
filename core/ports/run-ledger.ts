import type { Checkpoint, Run } from '../model/run.ts';
import type { RunFinish } from '../model/run-finish.ts';

/** A run as its workers see it. */
export interface RunLook {
  readonly run: Run | undefined;
  /** A person stopped all runs of the stack (`crawl stop --stack`). */
  readonly isStopped: boolean;
}

/** Runs: one record each, with what it is estimated to have cost. */
export interface RunLedger {
  read(runId: string): Promise<Run | undefined>;
  /** The run, and whether everything is stopped, in one question. */
  look(runId: string): Promise<RunLook>;
  /**
   * Adds to the estimated cost of a run, in billionths of a US dollar; gives the sum. Where the answer
   * is lost it is added twice: a ceiling is met too early then, never late.
   */
  addCost(runId: string, nanodollars: number): Promise<number>;
  /** That sum; 0 where nothing was added. */
  cost(runId: string): Promise<number>;
  /** All runs, newest first. */
  all(): AsyncIterable<Run>;
  /** Keeps a new run; one that is known keeps what it has. */
  begin(run: Run): Promise<void>;
  /** Keeps how many URLs a window of the run has, unless it has such a number; gives that. */
  keepWindowSize(runId: string, windowSize: number): Promise<number>;
  /** Moves the checkpoint, never backwards; `finished` only while the lists are those that were read. */
  checkpoint(run: Run, checkpoint: Checkpoint, finished: boolean): Promise<void>;
  /**
   * Keeps how far a run is finished: whoever begins takes it over, everybody else only while nobody has.
   * False when it is not kept, because another one does it now or the run has gone on since it was read.
   */
  keepFinish(run: Run, finish: RunFinish, begins: boolean): Promise<boolean>;
}
