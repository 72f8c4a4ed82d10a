import { expect, it } from 'vitest';
import { breakTwice, DEATHS, SECOND_DEATHS } from './crash-everywhere.ts';
import { SHORT_SHAPES } from './shapes.ts';

/** The shape `list` is tried by two-deaths-list.test.ts. */
const { list: _, ...others } = SHORT_SHAPES;

it.each(Object.entries(others))(
  'a run of the shape "%s" survives any one and any two deaths',
  { timeout: 600_000 },
  async (name, shape) => {
    const { calls, runs } = await breakTwice(shape, DEATHS, SECOND_DEATHS);
    expect(runs).toBeGreaterThan(calls * 10);
    console.log(`${name}: ${calls} calls, ${runs} runs with one death or two, nothing lost`);
  },
);
