import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LoopQuota } from '../../adapters/dns/loop-quota.ts';

it('work that comes at once begins in turns of the event loop, a few in each', async () => {
  const quota = new LoopQuota(2);
  let begun = 0;
  const note = () => {
    begun += 1;
  };
  const work = Array.from({ length: 5 }, () => quota.take().then(note));
  const counts: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    await Promise.resolve();
    counts.push(begun);
    await setImmediate();
  }
  await Promise.all(work);
  expect(counts).toEqual([2, 4, 5]);
  await quota.take();
});
