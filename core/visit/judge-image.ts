import type { Reason } from '../model/outcome.ts';
import type { Facts } from '../model/result.ts';
import type { RunSettings } from '../model/run.ts';
import type { ImageFacts, Inspection } from '../ports/images.ts';

/** Whether what was downloaded is to be kept. */
export type Judgement =
  | { readonly kind: 'fit'; readonly facts: ImageFacts }
  | { readonly kind: 'unfit'; readonly reason: Reason; readonly facts: Facts };

/** What a run asks of the size of an image. */
export type SizeLimits = Pick<RunSettings, 'maxPixels' | 'minWidth' | 'minHeight' | 'minBytes'>;

/**
 * An image is fit to be kept when it is whole, a decoder of it needs room for `maxPixels` at most,
 * and it is not below the run's least size. `bytes` is the length of the decoded body.
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
      const detail = tooSmall(facts, bytes, limits);
      if (detail === undefined) return { kind: 'fit', facts };
      return { kind: 'unfit', reason: 'filtered', facts: { ...facts, detail } };
    }
  }
}

/** Which limit an image is below. */
function tooSmall(
  { width, height }: ImageFacts,
  bytes: number,
  { minWidth, minHeight, minBytes }: SizeLimits,
): string | undefined {
  if (width < minWidth) return `width ${width} is below minWidth ${minWidth}`;
  if (height < minHeight) return `height ${height} is below minHeight ${minHeight}`;
  if (bytes < minBytes) return `size of ${bytes} bytes is below minBytes ${minBytes}`;
  return undefined;
}
