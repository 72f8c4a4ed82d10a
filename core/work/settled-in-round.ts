import { verdictOf } from '../outcome.ts';
import type { Settled } from '../ports/ledger.ts';

/**
 * Whether a target needs no visit in this round. A later round asks again what failed for a
 * passing reason, and nothing else.
 */
export function isSettledInRound(known: Settled | undefined, round: number): known is Settled {
  if (known === undefined) return false;
  const askAgain = known.reason !== null && verdictOf(known.reason).passing;
  return known.round >= round || !askAgain;
}
