import type { RunCosts } from '../seed/run-costs.ts';
import type { RunWatch } from './run-watch.ts';

/**
 * Whether nothing more of a run is begun for the time being: it is over its budget, or a person stopped
 * the whole stack. Its tasks leave the queue, and are sent again when it is resumed.
 */
export class Suspension {
  readonly #watch: RunWatch;
  readonly #costs: RunCosts;

  constructor(watch: RunWatch, costs: RunCosts) {
    this.#watch = watch;
    this.#costs = costs;
  }

  /** As far as was known some seconds ago. Rejects on infrastructure errors. */
  async isSuspended(runId: string): Promise<boolean> {
    const run = await this.#watch.read(runId);
    return this.#watch.isStopped || this.#costs.isReached(run);
  }

  /**
   * The same as it is now. To be asked before a task leaves the queue: whoever resumes the run sends it
   * again only after the run is known to go on.
   */
  async isSuspendedNow(runId: string): Promise<boolean> {
    const run = await this.#watch.readNow(runId);
    return this.#watch.isStopped || this.#costs.isReachedNow(run);
  }
}
