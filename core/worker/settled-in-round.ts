import type { Settled } from '../ports/ledger.ts';

/** How a URL of a run ended, as far as it is known. */
export interface KnownEnd {
  readonly round: number;
  /** Whether the reason may have passed in a later round. */
  readonly passing: boolean;
  /** Absent where the task that answers for it is done: the index of a group keeps no more. */
  readonly settled?: Settled;
}

/**
 * Whether a target needs no visit in this round. A later round asks again what failed for a
 * passing reason, and nothing else.
 */
export function isSettledInRound(known: KnownEnd | undefined, round: number): known is KnownEnd {
  return known !== undefined && (known.round >= round || !known.passing);
}
