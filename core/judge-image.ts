import type { Reason } from './outcome.ts';
import type { ImageFacts, Inspection } from './ports/images.ts';
import type { Facts } from './result.ts';

/** Whether what was downloaded is to be kept. */
export type Judgement =
  | { readonly kind: 'fit'; readonly facts: ImageFacts }
  | { readonly kind: 'unfit'; readonly reason: Reason; readonly facts: Facts };

/** An image is fit to be kept when it is whole and a decoder of it needs room for `maxPixels` at most. */
export function judgeImage(found: Inspection, maxPixels: number): Judgement {
  switch (found.kind) {
    case 'not-an-image':
      return { kind: 'unfit', reason: 'not-an-image', facts: { detail: found.detail } };
    case 'corrupt': {
      const { format, detail } = found;
      return { kind: 'unfit', reason: 'corrupt-image', facts: { format, detail } };
    }
    case 'image': {
      const { facts } = found;
      if (facts.width * facts.height <= maxPixels) return { kind: 'fit', facts };
      const detail = `${facts.width} x ${facts.height} pixels, allowed are ${maxPixels}`;
      return { kind: 'unfit', reason: 'too-many-pixels', facts: { ...facts, detail } };
    }
  }
}
