import { describe, expect, it } from 'vitest';
import { MemoryRunLedger } from '../../../adapters/memory/memory-run-ledger.ts';
import { NANODOLLARS } from '../../../core/model/budget.ts';
import type { Run } from '../../../core/model/run.ts';
import { RunCosts } from '../../../core/seed/run-costs.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { aRun } from '../../worker/records.ts';

/** A run that stops at so many dollars, or at none. */
function withCeiling(maxCost: number | undefined, runId = 'run-1'): Run {
  return { ...aRun([], { maxCost }), runId };
}

class CountedRuns extends MemoryRunLedger {
  writes = 0;
  fails = false;

  override async addCost(runId: string, nanodollars: number): Promise<number> {
    this.writes += 1;
    if (this.fails) throw new Error('throttled');
    return super.addCost(runId, nanodollars);
  }
}

/** A worker whose bill the test writes. */
function aWorker(runs = new CountedRuns(), isMetered = true) {
  const clock = new VirtualClock();
  const bill = { spent: 0, dollars: () => bill.spent };
  const meter = isMetered ? bill : undefined;
  return { clock, runs, bill, costs: new RunCosts({ clock, runs, meter }) };
}

describe('what a worker costs', () => {
  it('is borne by its runs, by what was done for each', async () => {
    const { runs, bill, costs } = aWorker();
    for (const runId of ['run-1', 'run-1', 'run-1', 'run-2']) costs.note(runId);
    bill.spent = 8;
    await costs.tellAll();
    expect(await runs.cost('run-1')).toBe(6 * NANODOLLARS);
    expect(await runs.cost('run-2')).toBe(2 * NANODOLLARS);
  });

  it('while nothing was done is borne by the next run', async () => {
    const { runs, bill, costs } = aWorker();
    bill.spent = 3;
    await costs.tellAll();
    costs.note('run-1');
    bill.spent = 5;
    await costs.tellAll();
    await costs.tellAll();
    expect(await runs.cost('run-1')).toBe(5 * NANODOLLARS);
    expect(runs.writes).toBe(1);
  });

  it('is told again when it was not taken', async () => {
    const { runs, bill, costs } = aWorker();
    costs.note('run-1');
    bill.spent = 1;
    runs.fails = true;
    await costs.tellAll();
    runs.fails = false;
    await costs.tellAll();
    expect(await runs.cost('run-1')).toBe(NANODOLLARS);
  });

  it('is nothing where nothing is counted', async () => {
    const { runs, costs } = aWorker(new CountedRuns(), false);
    costs.note('run-1');
    expect(await costs.isReached(withCeiling(1))).toBe(false);
    await costs.tellAll();
    expect(runs.writes).toBe(0);
  });
});

describe('a ceiling', () => {
  it('is reached by what all workers cost together', async () => {
    const runs = new CountedRuns();
    await runs.addCost('run-1', 4 * NANODOLLARS);
    const { bill, costs } = aWorker(runs);
    const run = withCeiling(5);
    expect(await costs.isReached(run)).toBe(false);
    costs.note('run-1');
    bill.spent = 1;
    expect(await costs.isReachedNow(run)).toBe(true);
  });

  it('is compared with a sum that is five seconds old at most, in one question for all who ask', async () => {
    const { clock, runs, costs } = aWorker();
    const run = withCeiling(5);
    await Promise.all([costs.isReached(run), costs.isReached(run), costs.isReached(run)]);
    await runs.addCost('run-1', 5 * NANODOLLARS);
    expect(runs.writes).toBe(2);
    await clock.advance(4999);
    expect(await costs.isReached(run)).toBe(false);
    await clock.advance(1);
    expect(await costs.isReached(run)).toBe(true);
    expect(await costs.isReached(withCeiling(6))).toBe(false);
    expect(await costs.isReached({ ...run, cancelled: true })).toBe(false);
    expect(runs.writes).toBe(3);
  });

  it.each([undefined, 0])(
    'that is %s does not count, and costs one write a minute',
    async (none) => {
      const { clock, runs, bill, costs } = aWorker();
      const run = withCeiling(none);
      for (let second = 0; second <= 60; second += 1) {
        costs.note('run-1');
        bill.spent += 100;
        expect(await costs.isReached(run)).toBe(false);
        await clock.advance(1000);
      }
      expect(runs.writes).toBe(1);
    },
  );

  it('is not reached where the sum cannot be read, and is asked for again', async () => {
    const { clock, runs, costs } = aWorker();
    await runs.addCost('run-1', 9 * NANODOLLARS);
    runs.fails = true;
    expect(await costs.isReached(withCeiling(5))).toBe(false);
    runs.fails = false;
    await clock.advance(5000);
    expect(await costs.isReached(withCeiling(5))).toBe(true);
  });
});
