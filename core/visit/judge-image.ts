import type { Reason } from '../model/outcome.ts';
import type { Facts } from '../model/result.ts';
import type { RunSettings } from '../model/run.ts';
import type { ImageFacts, Inspection } from '../ports/images.ts';

/** Whether what was downloaded is to be kept. */
export type Judgement =
  | { readonly kind: 'fit'; readonly facts: ImageFacts }
  | { readonly kind: 'unfit'; readonly reason: Reason; readonly facts: Facts };

/** What a run asks of an image. */
export type SizeLimits = Pick<
  RunSettings,
  'maxPixels' | 'minWidth' | 'minHeight' | 'minBytes' | 'maxAspect' | 'formats'
>;

/**
 * An image is fit to be kept when it is whole, a decoder of it needs room for `maxPixels` at most,
 * and the run's filters let it pass. `bytes` is the length of the decoded body.
 */
export function judgeImage(found: Inspection, bytes: number, limits: SizeLimits): Judgement {
  switch (found.kind) {
    case 'not-an-image':
      return { kind: 'unfit', reason: 'not-an-image', facts: { detail: found.detail } };
    case 'corrupt': {
      const { format, detail } = found;
      return { kind: 'unfit', reason: 'corrupt-image', facts: { format, detail } };
    }
    case 'image': {
      const { facts } = found;
      if (facts.width * facts.height > limits.maxPixels) {
        const detail = `${facts.width} x ${facts.height} pixels, allowed are ${limits.maxPixels}`;
        return { kind: 'unfit', reason: 'too-many-pixels', facts: { ...facts, detail } };
      }
      const detail = filteredBy(facts, bytes, limits);
      if (detail === undefined) return { kind: 'fit', facts };
      return { kind: 'unfit', reason: 'filtered', facts: { ...facts, detail } };
    }
  }
}

/** Which limit an image is outside of. */
function filteredBy(
  { format, width, height }: ImageFacts,
  bytes: number,
  { minWidth, minHeight, minBytes, maxAspect = 0, formats }: SizeLimits,
): string | undefined {
  if (formats !== undefined && !formats.includes(format))
    return `format ${format} is not among formats ${formats.join(', ')}`;
  if (width < minWidth) return `width ${width} is below minWidth ${minWidth}`;
  if (height < minHeight) return `height ${height} is below minHeight ${minHeight}`;
  if (bytes < minBytes) return `size of ${bytes} bytes is below minBytes ${minBytes}`;
  const aspect = Math.max(width, height) / Math.min(width, height);
  if (maxAspect > 0 && aspect > maxAspect)
    return `aspect ratio ${aspect.toFixed(2)} is above maxAspect ${maxAspect}`;
  return undefined;
}
