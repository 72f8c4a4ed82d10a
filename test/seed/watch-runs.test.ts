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

/** What is started for a run, so long after its start. */
async function startedFor(afterMs: number, change: Partial<Run>, doneMs?: number) {
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
  const still: string[] = [];
  const ended: string[] = [];
  const seeder = {
    start: () => Promise.reject(new Error('nobody planned a start')),
    wake: async (runId: string) => void still.push(runId),
  };
  const finisher = { finish: async (runId: string) => void ended.push(runId) };
  expect(await watchRuns({ clock, ledger, seeder, finisher, workerLifeMs: 15 * MINUTE })).toEqual({
    still,
    ended,
  });
  return [...still.map(() => 'seeder'), ...ended.map(() => 'finisher')];
}

const OPEN = { seeding: 'open', checkpoint: FIRST_CHECKPOINT } as const;
const moved = (ms: number) => ({ ...FIRST_CHECKPOINT, window: 1, tasks: 2, movedMs: START + ms });

/** A run with one task, which is done. */
const ENDED = { checkpoint: { ...moved(0), tasks: 1 } };
const SUMS = { shards: 1, images: 2, rewritten: 0, removed: 0, tables: 1 };
const finish = (ms: number, done: boolean) => {
  return { by: 'a', turn: 0, movedMs: START + ms, ...(done && { sums: SUMS }) };
};

describe('of all runs', () => {
  it.each<[string, string, number, Partial<Run>, number?]>([
    ['one that begins is left alone', '', 19 * MINUTE, OPEN],
    ['one whose seeder never came is taken up', 'seeder', 21 * MINUTE, OPEN],
    ['one whose seeder moves on is left alone', '', DAY, { ...OPEN, checkpoint: moved(DAY) }],
    ['one whose seeder died is taken up', 'seeder', DAY, { ...OPEN, checkpoint: moved(MINUTE) }],
    ['one that was resumed is given time', '', DAY, { ...OPEN, resumedMs: START + DAY - MINUTE }],
    ['one whose tasks end is left alone', '', DAY, { checkpoint: moved(0) }, DAY - MINUTE],
    ['one that stands still is taken up', 'seeder', DAY, { checkpoint: moved(0) }, MINUTE],
    ['one that has ended is finished', 'finisher', DAY, ENDED, MINUTE],
    ['one whose workers may live is left alone', '', DAY, ENDED, DAY - 14 * MINUTE],
    ['one that is finished is left alone', '', DAY, { ...ENDED, finish: finish(0, true) }, MINUTE],
    [
      'one that is being finished is left alone',
      '',
      DAY,
      { ...ENDED, finish: finish(DAY - 19 * MINUTE, false) },
      MINUTE,
    ],
    [
      'one whose finisher died is finished',
      'finisher',
      DAY,
      { ...ENDED, finish: finish(DAY - 21 * MINUTE, false) },
      MINUTE,
    ],
    ['one that is deleted is left alone', '', DAY, { ...ENDED, deleting: true }, MINUTE],
    ['one that is forgotten is left alone', '', 61 * DAY, { checkpoint: moved(0) }, MINUTE],
    [
      'one of an older version is left alone',
      '',
      DAY,
      { ...OPEN, windowSize: undefined, checkpoint: moved(MINUTE) },
    ],
  ])('%s', async (_, started, afterMs, change, doneMs) => {
    expect((await startedFor(afterMs, change, doneMs)).join()).toBe(started);
  });
});
