import type { ImageSettings } from '../model/image-settings.ts';
import type { Reason } from '../model/outcome.ts';
import type { ImageFacts } from './images.ts';

/** Bytes of an image that was made of another one. */
export interface MadeImage {
  readonly bytes: Uint8Array;
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

/** A perceptual hash: pictures that look alike differ in few bits of it. */
export interface Pdq {
  /** 256 bits in 64 lower-case hexadecimal digits. */
  readonly hash: string;
  /** 0 to 100: below 50 a picture has too little in it for its hash to be told from others. */
  readonly quality: number;
}

/** What metadata says of an image, by names of our own. */
export type ImageMetadata = Readonly<Record<string, string | number>>;

/** What came of the work on one image. */
export type ImageWorkEnd =
  | {
      readonly kind: 'done';
      /** What is stored; absent where that is the image as it came. */
      readonly stored?: MadeImage;
      readonly thumbnail?: MadeImage;
      readonly pdq?: Pdq;
      readonly exif?: ImageMetadata;
      /** What was asked for besides and could not be made of this image, for people. */
      readonly problem?: string;
    }
  | { readonly kind: 'unfit'; readonly reason: Reason; readonly detail: string };

/** One image to work on. */
export interface ImageToWork {
  readonly bytes: Uint8Array;
  readonly facts: ImageFacts;
  readonly settings: ImageSettings;
  /** Most pixels that may be decoded, all frames counted. */
  readonly maxPixels: number;
}

/**
 * Decodes hostile bytes within limits of pixels, memory and time; what they do to a decoder ends that
 * image alone. Rejects only where the work cannot be done at all, as where its parts are not installed.
 */
export type WorkImage = (image: ImageToWork) => Promise<ImageWorkEnd>;
