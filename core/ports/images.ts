import type { Run } from '../run.ts';

/** What the bytes say of themselves. */
export interface ImageFacts {
  /** jpeg, png, gif, webp, avif, svg, … */
  readonly format: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/** Reads format and dimensions off the bytes; undefined when they are no image. */
export type InspectImage = (bytes: Uint8Array) => ImageFacts | undefined;

/** A downloaded image; its bytes are there until its target is settled. */
export interface Image extends ImageFacts {
  readonly url: string;
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** Keeps images under their hash, one picture once. */
export interface ImageStore {
  /**
   * Resolves, when the image is safe, with where it is. It may resolve late, so that a store can
   * put many images into one object: the target is settled only afterwards.
   */
  put(run: Run, image: Image): Promise<string>;
}

/** What the person who adapts the template does with an image: keep it, with more facts, or leave it out. */
export type OnImage = (image: Image) => Promise<ImageDecision>;

export type ImageDecision =
  | { readonly kind: 'keep'; readonly extra?: Readonly<Record<string, string | number | boolean>> }
  | { readonly kind: 'skip'; readonly detail: string };
