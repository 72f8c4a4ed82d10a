import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anySchedule, worldOf } from './schedules.ts';
import { Simulation } from './simulation.ts';
import { faultsOf } from './verdict.ts';

/** More of them, and other ones: CRAWL_SCHEDULES=1000000 CRAWL_SEED=7; one again: CRAWL_PATH as it was told. */
const { CRAWL_SCHEDULES = '3000', CRAWL_SEED = '1', CRAWL_PATH } = process.env;
const numRuns = Number(CRAWL_SCHEDULES);
const seed = Number(CRAWL_SEED);

it(`${numRuns} schedules by chance break no promise`, { timeout: numRuns * 60 }, async () => {
  const sums = { settled: 0, calls: 0, deaths: 0 };
  const property = fc.asyncProperty(anySchedule, async (schedule) => {
    const { shape, fate } = worldOf(schedule);
    const sim = new Simulation(shape, fate);
    const verdict = await sim.run();
    sums.settled += verdict.settled;
    sums.calls += sim.world.wire.calls;
    sums.deaths += sim.world.deaths;
    const faults = faultsOf(verdict);
    if (Object.keys(faults).length > 0) expect(faults).toEqual({});
  });
  await fc.assert(property, {
    numRuns,
    seed,
    path: CRAWL_PATH,
    endOnFailure: CRAWL_PATH !== undefined,
  });
  console.log(`${numRuns} schedules from seed ${seed}: ${JSON.stringify(sums)}`);
});
