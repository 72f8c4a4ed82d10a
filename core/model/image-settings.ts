/**
 * How an image is brought to a size: `border` fits it into a square and fills the rest, `keep-ratio`
 * makes its shorter side so long, `keep-ratio-largest` its longer side, `center-crop` cuts a square
 * out of the middle.
 */
export const RESIZE_MODES = ['border', 'keep-ratio', 'keep-ratio-largest', 'center-crop'] as const;

export type ResizeMode = (typeof RESIZE_MODES)[number];

/** What images are stored as; `same` is the format that they came in, png where it cannot be written. */
export const ENCODINGS = ['same', 'jpeg', 'png', 'webp', 'avif'] as const;

export type Encoding = (typeof ENCODINGS)[number];

/** What a run does with the pixels and the metadata of its images. */
export interface ImageSettings {
  /** Side in pixels that `resizeMode` means; absent: the size stays. */
  readonly resize?: number;
  readonly resizeMode: ResizeMode;
  /** Smaller images are enlarged to that size. */
  readonly upscale: boolean;
  readonly encode: Encoding;
  /** 1 to 100, of jpeg, webp and avif; absent: what suits the format. */
  readonly quality?: number;
  /** Of an animation only the first frame; otherwise gif and webp stay animated. */
  readonly firstFrame: boolean;
  /** The colour profile stays; otherwise colours are converted to sRGB, which needs none. */
  readonly keepProfile: boolean;
  /** Longest side of the thumbnails in pixels; absent for no thumbnails. */
  readonly thumbnails?: number;
  /** A perceptual hash of each image is part of its result. */
  readonly pdq: boolean;
  /** What EXIF, IPTC and XMP say of an image is part of its result. */
  readonly exif: boolean;
}
