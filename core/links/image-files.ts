import type { Candidate } from './srcset.ts';

/** How large a file is among those of its image, as far as anything but numbers tells. */
export type Rank = 'small' | 'usual' | 'large' | 'full';

/** A file of an image without a number that says how large it is. */
export interface PlainFile {
  readonly url: string;
  readonly rank: Rank;
  /** It is another picture: never left out for a larger one. */
  readonly isOther?: boolean;
}

/** The files of one image, as its elements name them. */
export interface ImageFiles {
  readonly plain: readonly PlainFile[];
  /** Those of `srcset`s, which say how large they are. */
  readonly sized: readonly Candidate[];
  /** Pixels that the page says the image is wide. */
  readonly width?: number;
}

/** An image without files. */
export const NO_FILES: ImageFiles = { plain: [], sized: [] };

/** What is compared, the first before the second before the third. */
interface Weight {
  readonly url: string;
  readonly rank: number;
  readonly width: number;
  readonly density: number;
}

const RANKS: Readonly<Record<Rank, number>> = { small: 0, usual: 1, large: 2, full: 3 };

/**
 * The largest file of an image that is known, and those that are other pictures: by what an attribute
 * or a link is for (a zoom before the image itself, that before a preview), then by width, then by
 * density. The `width` of an element is that of its plain file: sites that set it for the layout name
 * the same file in a `srcset`, which is believed before it.
 */
export function largestFiles({ plain, sized, width = 0 }: ImageFiles): readonly string[] {
  let largest: Weight | undefined;
  const weigh = (one: Weight) => {
    if (largest === undefined || isLarger(one, largest)) largest = one;
  };
  for (const { url, width: own, density = 1 } of sized) {
    weigh({ url, rank: RANKS.usual, width: own ?? width * density, density });
  }
  const others: string[] = [];
  for (const { url, rank, isOther = false } of plain) {
    if (isOther) others.push(url);
    else if (!sized.some((one) => one.url === url))
      weigh({ url, rank: RANKS[rank], width: rank === 'usual' ? width : 0, density: 1 });
  }
  return largest === undefined ? others : [largest.url, ...others];
}

function isLarger(one: Weight, other: Weight): boolean {
  const difference =
    one.rank - other.rank || one.width - other.width || one.density - other.density;
  return difference > 0;
}
