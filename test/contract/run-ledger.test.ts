import { beforeEach, describe, expect, it } from 'vitest';
import { FIRST_CHECKPOINT, type Run } from '../../core/model/run.ts';
import { aList } from '../simulation/scripted-source.ts';
import { aRun, RUN_ID } from '../worker/records.ts';
import { LEDGERS } from './ledgers.ts';
import { oneForEachTest } from './one-for-each-test.ts';

const RUN: Run = {
  ...aRun([]),
  seeding: 'open',
  lists: [aList('a.txt')],
  superseded: { timeout: 2 },
};
const THIRD = {
  ...FIRST_CHECKPOINT,
  window: 3,
  line: 9,
  byte: 90,
  badLines: 1,
  badSamples: ['a.txt:1: no'],
};

describe.each(Object.entries(LEDGERS))('the runs of a ledger in %s', (_, make) => {
  const subject = oneForEachTest(make);
  beforeEach(async () => {
    await subject().putRun(RUN);
  });

  const runs = () => subject().ledger.runs;

  it('are read as they were put', async () => {
    expect(await runs().read(RUN_ID)).toEqual(RUN);
  });

  it('do not hold one that nobody started', async () => {
    expect(await runs().read('another')).toBeUndefined();
  });

  it('are looked at with whether everything is stopped', async () => {
    expect(await runs().look(RUN_ID)).toEqual({ run: RUN, isStopped: false });
    await subject().stopAll();
    expect(await runs().look(RUN_ID)).toEqual({ run: RUN, isStopped: true });
    expect(await runs().look('another')).toEqual({ run: undefined, isStopped: true });
  });

  it('have a cost that is added up, each by itself', async () => {
    expect(await runs().cost(RUN_ID)).toBe(0);
    expect(await runs().addCost(RUN_ID, 1500)).toBe(1500);
    expect(await runs().addCost('another', 1)).toBe(1);
    expect(await runs().addCost(RUN_ID, 0)).toBe(1500);
    expect(await runs().addCost(RUN_ID, 5_000_000_000)).toBe(5_000_001_500);
    expect(await runs().cost(RUN_ID)).toBe(5_000_001_500);
  });

  it('begin once: one that is known keeps what it has', async () => {
    const other: Run = { ...RUN, runId: 'other', cancelled: true };
    await runs().begin(other);
    await runs().begin({ ...other, cancelled: false });
    expect(await runs().read('other')).toEqual(other);
  });

  it('keep the first window size that is recorded', async () => {
    expect(await runs().keepWindowSize(RUN_ID, 700)).toBe(700);
    expect(await runs().keepWindowSize(RUN_ID, 900)).toBe(700);
    expect(await runs().read(RUN_ID)).toMatchObject({ windowSize: 700 });
    await expect(runs().keepWindowSize('another', 700)).rejects.toThrow();
  });

  it('are all listed, the newest first', async () => {
    await runs().begin({ ...RUN, runId: `${RUN_ID}-later` });
    const ids: string[] = [];
    for await (const { runId } of runs().all()) ids.push(runId);
    expect(ids).toEqual([`${RUN_ID}-later`, RUN_ID]);
  });

  it('move their checkpoint forwards', async () => {
    await runs().checkpoint(RUN, THIRD, false);
    expect(await runs().read(RUN_ID)).toEqual({ ...RUN, checkpoint: THIRD });
  });

  it.each([3, 2])('do not move it to a window that is not later: from 3 to %i', async (window) => {
    await runs().checkpoint(RUN, THIRD, false);
    await runs().checkpoint(RUN, { ...FIRST_CHECKPOINT, window }, false);
    expect((await runs().read(RUN_ID))?.checkpoint).toEqual(THIRD);
  });

  it('are finished where they stand', async () => {
    await runs().checkpoint(RUN, THIRD, false);
    await runs().checkpoint(RUN, THIRD, true);
    expect(await runs().read(RUN_ID)).toMatchObject({ seeding: 'finished', checkpoint: THIRD });
  });

  it.each([2, 4])('are not finished by a seeder that stands at window %i of 3', async (window) => {
    await runs().checkpoint(RUN, THIRD, false);
    await runs().checkpoint(RUN, { ...THIRD, window }, true);
    expect(await runs().read(RUN_ID)).toMatchObject({ seeding: 'open', checkpoint: THIRD });
  });

  it.each([true, false])(
    'are not changed by a seeder that knows fewer lists, finished: %s',
    async (finished) => {
      const lists = [...RUN.lists, { ...aList('b.txt'), round: 1, field: 'url' }];
      await subject().putRun({ ...RUN, lists });
      await runs().checkpoint(RUN, finished ? FIRST_CHECKPOINT : THIRD, finished);
      expect(await runs().read(RUN_ID)).toEqual({ ...RUN, lists });
    },
  );

  it('keep a cancellation that comes between two checkpoints', async () => {
    await subject().putRun({ ...RUN, cancelled: true });
    await runs().checkpoint(RUN, THIRD, false);
    expect(await runs().read(RUN_ID)).toMatchObject({ cancelled: true, checkpoint: THIRD });
  });

  it('are not made by a checkpoint', async () => {
    await runs().checkpoint({ ...RUN, runId: 'another' }, THIRD, false);
    expect(await runs().read('another')).toBeUndefined();
  });

  describe('that have ended', () => {
    const ended: Run = { ...RUN, runId: 'ended', seeding: 'finished' };
    const sums = { shards: 2, images: 5, rewritten: 1, removed: 1, tables: 1 };
    const finish = (by: string, done = false) => ({
      by,
      turn: 1,
      movedMs: 7,
      ...(done && { sums }),
    });
    beforeEach(() => runs().begin(ended));

    it('are finished by whoever began last', async () => {
      expect(await runs().keepFinish(ended, finish('a'), true)).toBe(true);
      expect(await runs().keepFinish(ended, finish('b'), true)).toBe(true);
      expect(await runs().keepFinish(ended, finish('a', true), false)).toBe(false);
      expect(await runs().keepFinish(ended, finish('b', true), false)).toBe(true);
      expect(await runs().read('ended')).toEqual({ ...ended, finish: finish('b', true) });
    });

    it('are not finished by what was handed over since', async () => {
      const at = (turn: number) => ({ ...finish('a'), turn });
      await runs().keepFinish(ended, at(0), true);
      expect(await runs().keepFinish(ended, at(1), false)).toBe(true);
      expect(await runs().keepFinish(ended, at(0), false)).toBe(false);
      expect(await runs().keepFinish(ended, at(1), false)).toBe(true);
    });

    it('are not finished where they have gone on since', async () => {
      const before = { ...ended, lists: [] };
      expect(await runs().keepFinish(before, finish('a'), true)).toBe(false);
      expect(await runs().keepFinish(RUN, finish('a'), true)).toBe(false);
      expect(await runs().keepFinish({ ...ended, runId: 'gone' }, finish('a'), true)).toBe(false);
      expect(await runs().keepFinish(ended, finish('a'), false)).toBe(false);
    });
  });
});
