/** Starts the seeding of a run, or goes on with it. */
export interface Seeder {
  /** Resolves when the seeder is sure to run; it goes on from the run's checkpoint. */
  start(runId: string): Promise<void>;
}
