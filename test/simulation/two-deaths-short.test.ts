import { expect, it } from 'vitest';
import { breakTwice, DEATHS } from './crash-everywhere.ts';
import { SHORT_SHAPES } from './shapes.ts';

it.each(Object.entries(SHORT_SHAPES))(
  'a run of the shape "%s" survives any one and any two deaths',
  { timeout: 120_000 },
  async (name, shape) => {
    const { calls, runs } = await breakTwice(shape, DEATHS);
    expect(runs).toBeGreaterThan(calls * calls);
    console.log(`${name}: ${calls} calls, ${runs} runs with one death or two, nothing lost`);
  },
);
