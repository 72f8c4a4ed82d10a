import type { Run, RunSettings } from './run.ts';

/** Estimated costs are kept in billionths of a US dollar: the smallest request costs 125 of them. */
export const NANODOLLARS = 1_000_000_000;

/** The estimated cost in US dollars at which a run stops; undefined where it has no ceiling. */
export function costCeilingOf({ maxCost = 0 }: Pick<RunSettings, 'maxCost'>): number | undefined {
  return maxCost > 0 ? maxCost : undefined;
}

/** Whether a run has cost so much that it stops until its ceiling is raised; one that is cancelled ends. */
export function isOverBudget(
  { settings, cancelled }: Pick<Run, 'settings' | 'cancelled'>,
  nanodollars: number,
): boolean {
  const ceiling = costCeilingOf(settings);
  return ceiling !== undefined && !cancelled && nanodollars >= ceiling * NANODOLLARS;
}
