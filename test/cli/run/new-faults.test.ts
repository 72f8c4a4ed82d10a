import { expect, test } from 'vitest';
import { NewFaults } from '../../../cli/run/new-faults.ts';
import type { KeptFault } from '../../../contract/kept-fault.ts';

const BUG: KeptFault = {
  functionName: 'worker',
  message: 'Error: my bug',
  location: '/var/task/lambdas/worker/on-image.ts:3',
  isOfService: false,
  times: 2,
  lastMs: 1000,
};

/** What is told when the table has these errors at one look after the other. */
async function told(looks: readonly (readonly KeptFault[] | Error)[], skips = false) {
  const all: [string, number][] = [];
  const left = [...looks];
  const over = Promise.withResolvers<void>();
  const faults = new NewFaults('run-1', {
    archive: {
      faults: async () => {
        const next = left.shift() ?? [];
        if (left.length === 0) over.resolve();
        if (next instanceof Error) throw next;
        return next;
      },
    },
    onFault: ({ message, runId }, times) => {
      expect(runId).toBe('run-1');
      all.push([message, times]);
    },
    wait: async () => {},
  });
  if (skips) await faults.skip();
  await faults.tellWhile(() => over.promise);
  return all;
}

test('an error is told as often as it came since the last look', async () => {
  expect(await told([[], [BUG], [BUG], [{ ...BUG, times: 5 }]])).toEqual([
    ['Error: my bug', 2],
    ['Error: my bug', 3],
  ]);
});

test('what came before the command is not told', async () => {
  expect(await told([[BUG], [BUG], [{ ...BUG, times: 3 }]], true)).toEqual([['Error: my bug', 1]]);
});

test('a look that fails changes nothing', async () => {
  expect(await told([[BUG], new Error('throttled'), [BUG]])).toEqual([['Error: my bug', 2]]);
});
