import { describe, expect, it } from 'vitest';
import {
  addCounts,
  countResult,
  NO_COUNTS,
  progressOf,
  type TaskSums,
} from '../../../core/model/progress.ts';
import { FIRST_CHECKPOINT, type Run } from '../../../core/model/run.ts';
import { aRun } from '../../worker/records.ts';

const COUNTS = {
  succeeded: 7,
  failed: 2,
  skipped: 1,
  reasons: { timeout: 1, 'not-found': 1, cancelled: 1 },
  bytes: 700,
  documents: 0,
};

function sums(change: Partial<TaskSums> = {}): TaskSums {
  return {
    counts: COUNTS,
    elsewhere: 0,
    doneTasks: 1,
    registeredTasks: 0,
    registeredTargets: 0,
    updatedMs: 0,
    ...change,
  };
}

function run(change: Partial<Run> = {}): Run {
  return { ...aRun([]), checkpoint: { ...FIRST_CHECKPOINT, tasks: 2, targets: 20 }, ...change };
}

describe('counting results', () => {
  it('counts status, reason and bytes', () => {
    const one = countResult(NO_COUNTS, { status: 'succeeded', reason: null, bytes: 10 });
    const two = countResult(one, { status: 'failed', reason: 'timeout' });
    expect(countResult(two, { status: 'failed', reason: 'timeout', bytes: 1 })).toEqual({
      succeeded: 1,
      failed: 2,
      skipped: 0,
      reasons: { timeout: 2 },
      bytes: 11,
      documents: 0,
    });
  });

  it('adds sums by reason', () => {
    expect(addCounts(COUNTS, COUNTS)).toEqual({
      succeeded: 14,
      failed: 4,
      skipped: 2,
      reasons: { timeout: 2, 'not-found': 2, cancelled: 2 },
      bytes: 1400,
      documents: 0,
    });
    expect(addCounts(COUNTS, NO_COUNTS)).toEqual(COUNTS);
  });
});

describe('the state of a run', () => {
  it.each([
    ['seeding while its lists are open', { seeding: 'open' }, sums({ doneTasks: 2 }), 'seeding'],
    ['running while a task is open', {}, sums(), 'running'],
    [
      'running while a task made of another is open',
      {},
      sums({ doneTasks: 2, registeredTasks: 1 }),
      'running',
    ],
    ['done when no task is open', {}, sums({ doneTasks: 2 }), 'done'],
    ['cancelled as soon as somebody says so', { cancelled: true }, sums(), 'cancelled'],
  ] as const)('is %s', (_, change, given, state) => {
    expect(progressOf(run(change), given).state).toBe(state);
  });

  it('tells whether a cancelled run has ended', () => {
    const cancelled = run({ cancelled: true });
    expect(progressOf(cancelled, sums()).ended).toBe(false);
    expect(progressOf(cancelled, sums({ doneTasks: 2 })).ended).toBe(true);
  });
});

describe('the targets of a run', () => {
  it.each([
    ['those that were seeded', sums(), 20],
    ['without what another task answers for', sums({ elsewhere: 5 }), 15],
    [
      'what moved into a new task once',
      sums({ elsewhere: 5, registeredTasks: 1, registeredTargets: 5 }),
      20,
    ],
    ['never fewer than are settled', sums({ elsewhere: 15 }), 10],
    ['those that are settled, when it has ended', sums({ doneTasks: 2 }), 10],
  ])('are %s', (_, given, targets) => {
    expect(progressOf(run(), given).targets).toBe(targets);
  });

  it('are not counted twice when a later round asks them again', () => {
    const checkpoint = { ...FIRST_CHECKPOINT, tasks: 3, targets: 22 };
    const retried = run({ checkpoint, superseded: { timeout: 1, cancelled: 1 } });
    const counts = addCounts(COUNTS, { ...NO_COUNTS, succeeded: 2 });
    expect(progressOf(retried, sums({ counts, doneTasks: 3 }))).toMatchObject({
      succeeded: 9,
      failed: 1,
      skipped: 0,
      reasons: { 'not-found': 1 },
      targets: 10,
    });
  });

  it('do not shrink while a later round is under way', () => {
    const checkpoint = { ...FIRST_CHECKPOINT, tasks: 3, targets: 22 };
    const retried = run({ checkpoint, superseded: { timeout: 1, cancelled: 1 } });
    expect(progressOf(retried, sums({ doneTasks: 2 }))).toMatchObject({ targets: 20, failed: 1 });
  });
});

describe('the rest of a summary', () => {
  it('does not count the time that a run was stopped', () => {
    const resumed = run({ startedMs: 1000, workedMs: 4000, resumedMs: 900_000 });
    expect(progressOf(resumed, sums({ updatedMs: 5000 })).seconds).toBe(4);
    expect(progressOf(resumed, sums({ updatedMs: 903_000 })).seconds).toBe(7);
  });

  it('measures seconds from the start to the last change', () => {
    const started = run({ startedMs: 1000 });
    expect(progressOf(started, sums({ updatedMs: 3500 })).seconds).toBe(2.5);
    expect(progressOf(started, sums({ updatedMs: 0 })).seconds).toBe(0);
  });

  it('passes on what was wrong with the lists', () => {
    const checkpoint = { ...FIRST_CHECKPOINT, badLines: 2, badSamples: ['a.txt:1: not a URL'] };
    expect(progressOf(run({ checkpoint }), sums())).toMatchObject({
      badLines: 2,
      badSamples: ['a.txt:1: not a URL'],
    });
  });
});
