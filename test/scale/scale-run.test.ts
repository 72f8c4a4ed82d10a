import { describe, expect, it } from 'vitest';
import { USUAL } from '../../bench/scale/scale-options.ts';
import { scaleRow } from '../../bench/scale/scale-row.ts';
import { ScaleRun } from '../../bench/scale/scale-run.ts';
import { usageOfRun } from '../../bench/scale/usage-of-run.ts';
import { exactUrl } from '../../bench/scale/web/exact-answers.ts';

const TINY = { ...USUAL, urls: 300, hosts: 60, groups: 30, workers: 4, windowSize: 100 };

async function run(change: object) {
  const made = new ScaleRun({ ...TINY, ...change });
  const written: string[] = [];
  const { onWrite } = made.ledger.results;
  made.ledger.results.onWrite = (url) => {
    written.push(url);
    onWrite(url);
  };
  await made.run();
  return { made, written };
}

/** Every URL of the web of a run. */
function urlsOf({ web }: ScaleRun): readonly string[] {
  return Array.from({ length: web.options.urls }, (_, number) =>
    exactUrl(web.rankOf(number), number),
  );
}

describe('a run of the model', () => {
  it('settles every URL of its list exactly once', async () => {
    const { made, written } = await run({});
    expect(written.toSorted()).toEqual(urlsOf(made).toSorted());
    expect(made.ledger.lanes.size).toBe(0);
    expect(made.ledger.tasks.open).toBe(0);
    const { counts } = await made.ledger.tasks.sums();
    expect(counts.succeeded + counts.failed + counts.skipped).toBe(300);
  });

  it.each([1, 4])(
    'of bundles settles each once, as many URLs in all: %i tasks in one',
    async (tasksInOne) => {
      const { made, written } = await run({ detail: 'coarse', tasksInOne });
      expect(new Set(written).size).toBe(written.length);
      expect(made.milestones.settled).toBe(300);
      expect(made.ledger.lanes.size + made.ledger.tasks.open).toBe(0);
    },
  );

  it('takes about as long with bundles as with each URL', async () => {
    const exact = (await run({})).made;
    const coarse = (await run({ detail: 'coarse', maxInFlight: 60 })).made;
    for (const share of [0.9, 1]) {
      const ratio = (coarse.milestones.at(share) ?? 0) / (exact.milestones.at(share) ?? 1);
      expect(ratio).toBeGreaterThan(0.6);
      expect(ratio).toBeLessThan(1.6);
    }
  });

  it('asks no host faster than it may', async () => {
    const { made } = await run({ urls: 100, hosts: 1, ratePerS: 10 });
    expect(made.milestones.at(1)).toBeGreaterThanOrEqual(9_900);
  });

  it('is told of in one row, with what it cost', async () => {
    const { made } = await run({});
    expect(scaleRow(made).split(' | ')).toHaveLength(11);
    const usage = usageOfRun(made);
    expect(usage.tableWriteUnits).toBeGreaterThan(0);
    expect(usage.functionGbSeconds).toBeGreaterThan(0);
  });
});
