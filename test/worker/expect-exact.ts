import { expect } from 'vitest';
import type { World } from './world.ts';

/** Every URL has one result, the run is over, and its sums are those of its results. */
export async function expectExact(world: World, urls: readonly string[]): Promise<void> {
  const { results } = world;
  expect(results.map(({ url }) => url).toSorted()).toEqual([...new Set(urls)].toSorted());
  const progress = await world.progress();
  const count = (word: string) => results.filter(({ status }) => status === word).length;
  expect(progress).toMatchObject({
    ended: true,
    targets: results.length,
    succeeded: count('succeeded'),
    failed: count('failed'),
    skipped: count('skipped'),
    bytes: results.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    reasons: countReasons(results.flatMap(({ reason }) => reason ?? [])),
  });
}

function countReasons(reasons: readonly string[]): Readonly<Record<string, number>> {
  const all = [...Map.groupBy(reasons, (reason) => reason)];
  return Object.fromEntries(all.map(([reason, { length }]) => [reason, length]));
}
