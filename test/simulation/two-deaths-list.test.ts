import { expect, it } from 'vitest';
import { breakTwice, DEATHS, SECOND_DEATHS } from './crash-everywhere.ts';
import { SHORT_SHAPES } from './shapes.ts';

it('a run of the shape "list" survives any one and any two deaths', {
  timeout: 600_000,
}, async () => {
  const { calls, runs } = await breakTwice(SHORT_SHAPES.list, DEATHS, SECOND_DEATHS);
  expect(runs).toBeGreaterThan(calls * 10);
  console.log(`list: ${calls} calls, ${runs} runs with one death or two, nothing lost`);
});
