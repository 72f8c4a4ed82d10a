import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { settleInLanes } from '../../core/settle-in-lanes.ts';

const laneOf = (item: string) => item.slice(0, 1);

test('a lane has as many jobs under way as it is wide, whatever others do', async () => {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const all = settleInLanes(['a1', 'a2', 'a3', 'b1', 'a4'], laneOf, 2, (item) => {
    begun.push(item);
    return new Promise<void>((resolve) => ends.set(item, resolve));
  });

  await nextTurn();
  expect(begun).toEqual(['a1', 'a2', 'b1']);

  ends.get('a2')?.();
  await nextTurn();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);

  ends.get('b1')?.();
  ends.get('a3')?.();
  await nextTurn();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);

  ends.get('a1')?.();
  ends.get('a4')?.();
  expect(await all).toHaveLength(5);
});

test('ends are told in the order of the items, and a failure holds nobody up', async () => {
  const ends = await settleInLanes(['a1', 'b1', 'a2', 'a3'], laneOf, 1, async (item) => {
    if (item === 'a1') throw new Error('broken');
    return item.toUpperCase();
  });

  expect(ends).toEqual([
    { status: 'rejected', reason: new Error('broken') },
    { status: 'fulfilled', value: 'B1' },
    { status: 'fulfilled', value: 'A2' },
    { status: 'fulfilled', value: 'A3' },
  ]);
});

test('nothing to do is done', async () => {
  expect(await settleInLanes([], laneOf, 3, () => Promise.reject(new Error('asked')))).toEqual([]);
});
