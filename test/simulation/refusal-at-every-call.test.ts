import { describe, expect, it } from 'vitest';
import { breakOnce } from './crash-everywhere.ts';
import { SHAPES } from './shapes.ts';

describe.each(Object.entries(SHAPES))('a run of the shape "%s" ends the same', (name, shape) => {
  it.each([
    ['is refused by AWS', 'throttled'],
    ['is taken in part', 'partial'],
    ['is followed by a jump of all clocks', 'clock-step'],
  ] as const)('when any one of its calls %s', async (_, mishap) => {
    const { runs } = await breakOnce(shape, [mishap]);
    expect(runs).toBeGreaterThan(1);
    console.log(`${name}: ${runs} runs, each call ${mishap}`);
  });
});
