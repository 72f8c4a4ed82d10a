import { expect, test } from 'vitest';
import { findRun } from '../../../cli/deployment/find-run.ts';
import { followRun, mayLookEarly, nextWaitMs } from '../../../cli/run/follow-run.ts';
import { aProgress, aRun } from '../records.ts';

test.each([
  ['half a second at least', 3, 500],
  ['thirty times what the look took', 50, 1500],
  ['ten seconds at most', 5000, 10_000],
])('waits %s', (_, tookMs, waitMs) => expect(nextWaitMs(tookMs)).toBe(waitMs));

const silent = { onProgress: () => {}, onSilence: () => {}, wait: async () => {} };

test('follows until the run has ended', async () => {
  const looks = [aProgress({ ended: false }), aProgress()];
  const archive = {
    read: async () => aRun(),
    progress: async () => looks.shift() ?? expect.unreachable(),
  };
  const seen: boolean[] = [];
  const followed = await followRun('r', {
    ...silent,
    archive,
    signal: new AbortController().signal,
    onProgress: ({ ended }) => void seen.push(ended),
  });
  expect(followed.kind).toBe('ended');
  expect(seen).toEqual([false, true]);
});

test('reads the record of a run that is seeded once more, when all seems over', async () => {
  const seeded = aRun({ seeding: 'finished' });
  const retried = aRun({ seeding: 'finished', lists: [...seeded.lists, ...seeded.lists] });
  const records = [aRun(), seeded, retried, retried];
  const ends = [false, false, false, true, false, true];
  const lists: number[] = [];
  const followed = await followRun('r', {
    ...silent,
    signal: new AbortController().signal,
    archive: {
      read: async () => records.shift() ?? expect.unreachable(),
      progress: async (run) => {
        lists.push(run.lists.length);
        return aProgress({ ended: ends.shift() ?? expect.unreachable() });
      },
    },
  });
  expect(followed.kind).toBe('ended');
  expect(lists).toEqual([1, 1, 1, 1, 2, 2]);
  expect([records, ends]).toEqual([[], []]);
});

test('looks again as soon as something has happened, even during a look', async () => {
  let happen = Promise.withResolvers<void>();
  const looks = [false, false, true];
  const waits: AbortSignal[] = [];
  const followed = await followRun('r', {
    ...silent,
    signal: new AbortController().signal,
    archive: {
      read: async () => aRun(),
      progress: async () => {
        happen.resolve();
        happen = Promise.withResolvers();
        return aProgress({ ended: looks.shift() ?? expect.unreachable() });
      },
    },
    nextEvent: () => happen.promise,
    wait: (_, signal) => {
      waits.push(signal);
      return new Promise(() => {});
    },
  });
  expect(followed.kind).toBe('ended');
  // What was waited for in vain is given up: a timer would keep the process.
  expect(waits.map(({ aborted }) => aborted)).toEqual([true, true]);
});

test.each([
  ['cheap', 99, 0, true],
  ['dear', 101, 0, false],
  ['dear, in a long run', 101, 60, true],
  ['many, in a long run', 2101, 59_000, false],
])('looks that are %s may be early: %s ms of %s', (_, looksMs, sinceMs, may) => {
  expect(mayLookEarly(looksMs, sinceMs)).toBe(may);
});

test('stops at once when the person wants to', async () => {
  const controller = new AbortController();
  const archive = { read: async () => aRun(), progress: async () => aProgress({ ended: false }) };
  const followed = await followRun('r', {
    ...silent,
    archive,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  expect(followed.kind).toBe('interrupted');
});

function runs(...runIds: readonly string[]) {
  const all = runIds.map((runId) => aRun({ runId }));
  return {
    read: async (runId: string) => all.find((run) => run.runId === runId),
    async *list() {
      yield* all;
    },
  };
}

test.each([
  ['its id', 'r-1', 'r-1'],
  ['an id that others begin with', 'r', 'r'],
  ['its beginning, where no other begins so', 'q-', 'q-1'],
])('a run is found by %s', async (_, text, runId) => {
  expect((await findRun(runs('r-2', 'r-1', 'r', 'q-1'), text)).runId).toBe(runId);
});

test('a beginning of two runs is refused, and so is what no run begins with', async () => {
  await expect(findRun(runs('r-2', 'r-1'), 'r')).rejects.toThrow('more than one run begins with r');
  await expect(findRun(runs('r-2'), 'x')).rejects.toThrow('no run x');
  await expect(findRun(undefined, 'x')).rejects.toThrow('no run x');
});
