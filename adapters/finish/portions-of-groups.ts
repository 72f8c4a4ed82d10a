import type { GroupSize } from './ended-run.ts';

/** Results from which on a portion has enough groups: what is read between two looks at the clock. */
const PORTION = 500_000;

/**
 * The groups of a run in portions, in their order. A run that has ended always has the same ones, so
 * that whoever goes on, or begins again, meets the same portions.
 */
export function portionsOfGroups(
  groups: readonly GroupSize[],
  portion = PORTION,
): readonly (readonly string[])[] {
  const portions: string[][] = [];
  let sum = Number.POSITIVE_INFINITY;
  for (const { group, results } of groups) {
    if (sum >= portion) {
      portions.push([]);
      sum = 0;
    }
    portions.at(-1)?.push(group);
    sum += results;
  }
  return portions;
}
