import { expect, it } from 'vitest';
import { DEATHS, isPossible } from './crash-everywhere.ts';
import type { Fate, Shape } from './shape.ts';
import {
  HOST_SHAPES,
  LANE_SHAPES,
  MEMORY_SHAPES,
  PAGE_SHAPES,
  SHORT_SHAPES,
  SUSPENDED_SHAPES,
} from './shapes.ts';
import { Simulation } from './simulation.ts';
import { faultsOf } from './verdict.ts';
import type { Call } from './wire.ts';
import { WITHOUT } from './without.ts';

const { list, deferral, shards } = SHORT_SHAPES;
const { pause } = HOST_SHAPES;
const { pages } = PAGE_SHAPES;
const { lanes } = LANE_SHAPES;
const remembering: Shape = MEMORY_SHAPES['first run'];
const { stopped, 'over its budget': overBudget } = SUSPENDED_SHAPES;
/** Pollers that give a batch to its worker when it is another's already, now and then. */
const throttled: Shape = { ...list, pollerShare: 1.5, siteMs: 100_000 };

/** All windows are seeded before a worker begins. */
const sudden: Shape = { ...lanes, windowSize: 1, latencyMs: 0 };

/** Results of one task that are not written together. */
const slow: Shape = { ...list, windowSize: 10, siteMs: 9000, settings: { perHost: 1 } };

/** What is taken out, where, and what the checker has to report of it. */
const CONTROLS = [
  ['the look-up of settled targets', list, 'settledTwice'],
  ['a new look at a group that is entered again', list, 'settledTwice'],
  ['the end of tasks before their results are indexed', slow, 'miscounted'],
  ['the write of results before they are indexed', slow, 'lost'],
  ['the answer to a write before its results are settled', list, 'lost'],
  ['sending before registering', deferral, 'stillOpen'],
  ['sending before marking', pages, 'lost'],
  ['an id of its own for the rest of a task', deferral, 'stillOpen'],
  ['the record of a host in the ledger', pause, 'tooSoon'],
  ['groups of hosts', list, 'fromTwoWorkers'],
  ['the end of a shard before its images are settled', shards, 'unreadable'],
  ['the write of an image before it is remembered', remembering, 'falselyRemembered'],
  ['the tidying of shards before they are published', shards, 'wronglyPublished'],
  ['the new places of images before their old shard is removed', shards, 'unreadable'],
  ['the hold on a delivery', throttled, 'settledTwice'],
  ['the next task of a lane whose worker died', lanes, 'stillOpen'],
  ['names of their own for tasks that are sent again', overBudget, 'stillOpen'],
  ['the made tasks of a run that is resumed', stopped, 'stillOpen'],
  ['a look at a run before its tasks leave the queue', stopped, 'stillOpen'],
  ['the wait of a window for the tail of its lane', sudden, 'lost'],
] as const;

it.each(CONTROLS)(
  'without %s the checker does not say that all is well',
  async (part, shape, name) => {
    const faults = await faultsWith(shape, WITHOUT[part]);
    expect(faults).toContain(name);
  },
);

it.each(CONTROLS)('with %s it does', async (_, shape) => {
  expect(await faultsWith(shape)).toEqual([]);
});

/** All that the checker reports of runs with one death at any call, each with a seed of its own. */
async function faultsWith(shape: Shape, replace?: Fate['replace']): Promise<readonly string[]> {
  const whole = new Simulation(shape, { seed: 1, plan: () => undefined, replace });
  const names = new Set(Object.keys(faultsOf(await whole.run())));
  for (let at = 1; at <= whole.world.wire.calls; at += 1) {
    // Which deaths are possible at a call of this seed is known once one of them has happened.
    let broken: Call | undefined;
    for (const mishap of DEATHS) {
      if (broken !== undefined && !isPossible(mishap, broken)) continue;
      const plan = (call: Call) => {
        if (call.number !== at || !isPossible(mishap, call)) return undefined;
        broken = call;
        return mishap;
      };
      const sim = new Simulation(shape, { seed: at, plan, replace });
      for (const name of Object.keys(faultsOf(await sim.run()))) names.add(name);
    }
  }
  return [...names];
}
