import type { Run } from '../model/run.ts';
import { groupingOf } from '../model/run-grouping.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunLedger } from '../ports/run-ledger.ts';

/** How old a worker's view of a run may be: as long as a cancelled run goes on, in milliseconds. */
const MAX_AGE_MS = 5000;
/** Runs remembered at once. */
const MAX_RUNS = 100;

/** A message names a run that the ledger does not know. */
export class UnknownRunError extends Error {
  override readonly name = 'UnknownRunError';
  constructor(runId: string) {
    super(`no run ${runId} in the ledger`);
  }
}

/** The record of a run, read again only when it is older than five seconds. */
export class RunWatch {
  readonly #seen = new Map<string, { readonly atMs: number; readonly run: Promise<Run> }>();
  /** What was read last of these. */
  readonly #known = new Map<string, Run>();
  readonly #runs: RunLedger;
  readonly #clock: Clock;
  #isStopped = false;

  constructor(runs: RunLedger, clock: Clock) {
    this.#runs = runs;
    this.#clock = clock;
  }

  /** @throws UnknownRunError or OldLayoutError */
  read(runId: string): Promise<Run> {
    const seen = this.#seen.get(runId);
    const now = this.#clock.now();
    if (seen !== undefined && now - seen.atMs < MAX_AGE_MS) return seen.run;
    const run = this.#fetch(runId);
    if (this.#seen.size >= MAX_RUNS) this.#forget();
    this.#seen.set(runId, { atMs: now, run });
    run.catch(() => this.#seen.delete(runId));
    return run;
  }

  /**
   * For a task that begins. A cancellation can be over by now, and the task be one that goes on with
   * the run: an old view would skip it permanently. @throws UnknownRunError
   */
  async readForTask(runId: string): Promise<Run> {
    const run = await this.read(runId);
    return run.cancelled ? this.readNow(runId) : run;
  }

  /** The record as it is now. @throws UnknownRunError */
  readNow(runId: string): Promise<Run> {
    this.#seen.delete(runId);
    return this.read(runId);
  }

  /** Whether a person stopped all runs of the stack, by what was read last of any run. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** The record as it was read last, however old that is; undefined when it never was. */
  peek(runId: string): Run | undefined {
    return this.#known.get(runId);
  }

  #forget(): void {
    this.#seen.clear();
    this.#known.clear();
  }

  async #fetch(runId: string): Promise<Run> {
    const { run, isStopped } = await this.#runs.look(runId);
    this.#isStopped = isStopped;
    if (run === undefined) throw new UnknownRunError(runId);
    groupingOf(run);
    this.#known.set(runId, run);
    return run;
  }
}
