import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '../../adapters/memory/memory-ledger.ts';
import { NO_COUNTS } from '../../core/model/progress.ts';
import { FIRST_CHECKPOINT, type Run } from '../../core/model/run.ts';
import { watchRuns } from '../../core/seed/watch-runs.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { aRun } from '../worker/records.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = aRun([]).startedMs;

/** The runs that are taken up, so long after their start. */
async function woken(afterMs: number, change: Partial<Run>, doneMs?: number) {
  const clock = new VirtualClock();
  await clock.advance(START + afterMs - clock.now());
  const ledger = createMemoryLedger();
  const run: Run = { ...aRun([]), windowSize: 100, ...change };
  ledger.runs.put(run);
  if (doneMs !== undefined)
    await ledger.tasks.record({
      runId: run.runId,
      taskId: 'w0-g1-0-0',
      group: 'g1',
      targets: 2,
      counts: { ...NO_COUNTS, succeeded: 2 },
      elsewhere: 0,
      done: true,
      updatedMs: START + doneMs,
    });
  const woke: string[] = [];
  const seeder = {
    start: () => Promise.reject(new Error('nobody planned a start')),
    wake: async (runId: string) => void woke.push(runId),
  };
  expect(await watchRuns({ clock, ledger, seeder })).toEqual(woke);
  return woke.length;
}

const OPEN = { seeding: 'open', checkpoint: FIRST_CHECKPOINT } as const;
const moved = (ms: number) => ({ ...FIRST_CHECKPOINT, window: 1, tasks: 2, movedMs: START + ms });

describe('of all runs', () => {
  it.each<[string, number, number, Partial<Run>, number?]>([
    ['one that begins is left alone', 0, 19 * MINUTE, OPEN],
    ['one whose seeder never came is taken up', 1, 21 * MINUTE, OPEN],
    ['one whose seeder moves on is left alone', 0, DAY, { ...OPEN, checkpoint: moved(DAY) }],
    ['one whose seeder died is taken up', 1, DAY, { ...OPEN, checkpoint: moved(MINUTE) }],
    ['one that was resumed is given time', 0, DAY, { ...OPEN, resumedMs: START + DAY - MINUTE }],
    ['one whose tasks end is left alone', 0, DAY, { checkpoint: moved(0) }, DAY - MINUTE],
    ['one that stands still is taken up', 1, DAY, { checkpoint: moved(0) }, MINUTE],
    ['one that has ended is left alone', 0, DAY, { checkpoint: { ...moved(0), tasks: 1 } }, MINUTE],
    ['one that is forgotten is left alone', 0, 61 * DAY, { checkpoint: moved(0) }, MINUTE],
    [
      'one of an older version is left alone',
      0,
      DAY,
      { ...OPEN, windowSize: undefined, checkpoint: moved(MINUTE) },
    ],
  ])('%s', async (_, count, afterMs, change, doneMs) => {
    expect(await woken(afterMs, change, doneMs)).toBe(count);
  });
});
