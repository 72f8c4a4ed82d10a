import { expect, it } from 'vitest';
import { breakTwice, DEATHS, SECOND_DEATHS } from './crash-everywhere.ts';
import { LONG_SHAPES, PAGE_SHAPES, SHORT_SHAPES } from './shapes.ts';

it.each(Object.entries({ ...LONG_SHAPES, ...PAGE_SHAPES }))(
  'a run of the shape "%s" survives any one and any two deaths',
  { timeout: 600_000 },
  async (name, shape) => {
    const { calls, runs } = await breakTwice(shape, DEATHS, SECOND_DEATHS);
    expect(runs).toBeGreaterThan(calls * 10);
    console.log(`${name}: ${calls} calls, ${runs} runs with one death or two, nothing lost`);
  },
);

it('a run survives a power cut at any call, and any end of the command that goes on with it', {
  timeout: 600_000,
}, async () => {
  const { list } = SHORT_SHAPES;
  const { runs } = await breakTwice(list, ['power-cut'], ['power-cut', ...SECOND_DEATHS]);
  expect(runs).toBeGreaterThan(1000);
  console.log(`list: ${runs} runs with a power cut and what came after it, nothing lost`);
});
