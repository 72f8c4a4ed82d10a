import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizingOf } from '../../adapters/pixels/target-size.ts';
import { RESIZE_MODES } from '../../core/model/image-settings.ts';

/** From, side, mode, whether it may grow; canvas. */
const CASES = [
  [[800, 600], 256, 'border', false, [256, 256]],
  [[800, 600], 256, 'keep-ratio', false, [341, 256]],
  [[800, 600], 256, 'keep-ratio-largest', false, [256, 192]],
  [[800, 600], 256, 'center-crop', false, [256, 256]],
  [[100, 50], 256, 'border', false, [256, 256]],
  [[100, 50], 256, 'keep-ratio', false, [100, 50]],
  [[100, 50], 256, 'keep-ratio-largest', false, [100, 50]],
  [[600, 50], 256, 'center-crop', false, [256, 50]],
  [[100, 50], 256, 'keep-ratio', true, [512, 256]],
  [[100, 50], 256, 'keep-ratio-largest', true, [256, 128]],
  [[100, 50], 256, 'center-crop', true, [256, 256]],
  [[10_000, 1], 100, 'keep-ratio-largest', false, [100, 1]],
] as const;

describe('resizingOf', () => {
  it.each(CASES)('brings %j to %d by %s (upscale: %s): %j', (...row) => {
    const [[width, height], side, mode, upscale, [finalWidth, finalHeight]] = row;
    const { final } = resizingOf({ width, height }, side, mode, upscale);
    expect(final).toEqual({ width: finalWidth, height: finalHeight });
  });

  it('never makes pixels larger than they were unless asked', () => {
    const side = fc.integer({ min: 1, max: 5000 });
    const modes = fc.constantFrom(...RESIZE_MODES);
    fc.assert(
      fc.property(side, side, side, modes, (width, height, to, mode) => {
        const { scaled } = resizingOf({ width, height }, to, mode, false);
        expect(scaled.width).toBeLessThanOrEqual(width);
        expect(scaled.height).toBeLessThanOrEqual(height);
        expect(Math.min(scaled.width, scaled.height)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
