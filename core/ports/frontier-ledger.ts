import type { LeftOut } from '../model/find.ts';

/** A URL with the host group that it is kept in. */
export interface GroupedUrl {
  readonly url: string;
  readonly group: string;
}

/** A URL that need not be found again. */
export interface Mark extends GroupedUrl {
  /** Why it is not visited; absent when it is a target of the run. */
  readonly leftOut?: LeftOut;
}

/** As what a URL is known. */
export type Known = 'target' | 'left-out';

/** What was taken into a run, and what was loaded for it. */
export interface Taken {
  readonly pages: number;
  readonly urls: number;
  readonly bytes: number;
}

/**
 * What was found in the pages of a run. A URL that was left out may be found again by a way that
 * takes it in; one that is a target is never looked at again.
 */
export interface FrontierLedger {
  /** Which of these URLs are known, and as what. Sees every mark that was answered. */
  known(runId: string, urls: readonly GroupedUrl[]): Promise<ReadonlyMap<string, Known>>;
  /** Keeps marks of different URLs. Rejects when one is not kept; the others may be. Again is harmless. */
  mark(runId: string, marks: readonly Mark[]): Promise<void>;
  /** Counts what is to be taken, and gives the sums before it; what lists brought counts as both. */
  reserve(runId: string, wanted: Partial<Taken>): Promise<Taken>;
  /** Tells how many targets the lists have brought so far. Writing again is harmless. */
  countSeeds(runId: string, targets: number): Promise<void>;
}
