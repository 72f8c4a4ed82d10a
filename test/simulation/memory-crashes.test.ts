import { expect, it } from 'vitest';
import { breakOnce, DEATHS } from './crash-everywhere.ts';
import type { Shape } from './shape.ts';
import { MEMORY_SHAPES } from './shapes.ts';
import { Simulation } from './simulation.ts';
import { faultsOf } from './verdict.ts';

it.each(Object.entries(MEMORY_SHAPES))(
  'a worker that dies at any call of a %s leaves nothing that is called known and is not there',
  async (name, shape) => {
    const { calls, runs } = await breakOnce(shape, DEATHS);
    expect(runs).toBeGreaterThan(calls);
    console.log(`${name}: ${calls} calls, ${runs} runs with a death`);
  },
);

it('a second run asks for what is not known, and on its conditions', async () => {
  const shape: Shape = MEMORY_SHAPES['second run'];
  const sim = new Simulation(shape, { seed: 1, plan: () => undefined });
  expect(faultsOf(await sim.run())).toEqual({});
  const ends = sim.world.ledger.results.all('run-1').map(({ reason, unchanged = false }) => {
    return `${reason} ${unchanged}`;
  });
  expect(ends.toSorted()).toEqual([
    'known false',
    'not-found false',
    'null false',
    'null false',
    'null false',
    'null true',
  ]);
});
