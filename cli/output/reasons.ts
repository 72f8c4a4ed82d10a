import { isReason, type Reason, verdictOf } from '../../core/model/outcome.ts';

/** Counts by reason. */
export type ReasonCounts = Readonly<Partial<Record<Reason, number>>>;

/** `not-found 8, timeout 4`: the most frequent first; what is left out is counted. */
export function topReasons(reasons: ReasonCounts, most: number): string {
  const sorted = Object.entries(reasons).toSorted(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, most).map(([reason, count]) => `${reason} ${count}`);
  const rest = sorted.slice(most).reduce((sum, [, count]) => sum + count, 0);
  return (rest > 0 ? [...shown, `others ${rest}`] : shown).join(', ');
}

/** How many of the counted ended for a reason that may have passed. */
export function countPassing(reasons: ReasonCounts): number {
  const passing = Object.entries(reasons).filter(
    ([reason]) => isReason(reason) && verdictOf(reason).passing,
  );
  return passing.reduce((sum, [, count]) => sum + count, 0);
}

/** The counts of the reasons with one status. */
export function reasonsOf(reasons: ReasonCounts, status: 'failed' | 'skipped'): ReasonCounts {
  return Object.fromEntries(
    Object.entries(reasons).filter(
      ([reason]) => isReason(reason) && verdictOf(reason).status === status,
    ),
  );
}
