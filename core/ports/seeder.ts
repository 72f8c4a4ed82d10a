/** Starts the seeding of a run, or goes on with it. */
export interface Seeder {
  /** Resolves when the seeder is sure to run; it goes on from the run's checkpoint. */
  start(runId: string): Promise<void>;
  /**
   * Likewise, and begins all lanes of the run again: for one that stands still. What waits in a queue
   * is sent once more, so a task may be worked twice.
   */
  wake(runId: string): Promise<void>;
}

/** Finishes runs that have ended: their shards, tables and manifests. */
export interface Finisher {
  /** Resolves when the finisher is sure to run. */
  finish(runId: string): Promise<void>;
}
