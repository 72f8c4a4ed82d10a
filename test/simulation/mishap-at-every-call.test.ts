import { describe, expect, it } from 'vitest';
import { breakOnce, DEATHS } from './crash-everywhere.ts';
import { SHAPES } from './shapes.ts';
import { Simulation } from './simulation.ts';
import { faultsOf } from './verdict.ts';

describe.each(Object.entries(SHAPES))('a run of the shape "%s"', (name, shape) => {
  it('ends with one result for each URL when nothing happens', async () => {
    const sim = new Simulation(shape, { seed: 1, plan: () => undefined });
    expect(faultsOf(await sim.run())).toEqual({});
    expect(sim.world.deaths > 0).toBe('poison' in shape);
  });

  it.each([
    ['has its effect and no answer', ['answer-lost']],
    ['loses the power, and the run is resumed', ['power-cut']],
    ['is the last one of its process', DEATHS],
  ] as const)('and the same when any one of its calls %s', async (_, mishaps) => {
    const { runs } = await breakOnce(shape, mishaps);
    expect(runs).toBeGreaterThan(1);
    console.log(`${name}: ${runs} runs, each call ${mishaps.join(' or ')}`);
  });
});
