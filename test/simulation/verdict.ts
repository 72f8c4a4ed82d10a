/** What a checker says of a run that is over. All but the first two must be 0, and those two equal. */
export interface Verdict {
  /** Distinct URLs that were given to the run. */
  readonly seeded: number;
  /** URLs with a result. */
  readonly settled: number;
  /** Seeded, and no result. */
  readonly lost: number;
  /** Results written more than once. */
  readonly settledTwice: number;
  /** Results of URLs that nobody seeded. */
  readonly unexpected: number;
  /** Tasks not done, messages not taken, and the run where it has not ended. */
  readonly stillOpen: number;
  /** Requests to one host from two workers at once. */
  readonly fromTwoWorkers: number;
  /** Requests sooner than allowed. */
  readonly tooSoon: number;
  /** Poison that is not dead-lettered, and what is dead-lettered and no poison. */
  readonly wronglyDead: number;
  /** Sums that are not those of the results. */
  readonly miscounted: number;
  /** Images that a result refers to, and whose bytes are not there. */
  readonly unreadable: number;
  /** Images that the manifest has and no result refers to, and the other way round. */
  readonly wronglyPublished: number;
  /** Results that are not once in the tables, or with another place of their image. */
  readonly wronglyTabled: number;
  /** What is remembered for later runs, and has no such result or no image. */
  readonly falselyRemembered: number;
  /** Times the run was said to have ended while a target was open. */
  readonly endedEarly: number;
}

/** What is wrong, by name; empty when nothing is. */
export function faultsOf({ seeded, settled, ...zeros }: Verdict): Readonly<Record<string, number>> {
  const wrong = Object.entries(zeros).filter(([, count]) => count !== 0);
  if (seeded !== settled) wrong.push(['settled, not seeded', settled - seeded]);
  return Object.fromEntries(wrong);
}
