import { expect, it } from 'vitest';
import { breakTwice, SECOND_DEATHS } from './crash-everywhere.ts';
import { SHORT_SHAPES } from './shapes.ts';

it('a run survives a power cut at any call, and any end of the command that goes on with it', {
  timeout: 600_000,
}, async () => {
  const { list } = SHORT_SHAPES;
  const { runs } = await breakTwice(list, ['power-cut'], ['power-cut', ...SECOND_DEATHS]);
  expect(runs).toBeGreaterThan(1000);
  console.log(`list: ${runs} runs with a power cut and what came after it, nothing lost`);
});
