import type { Run } from '../model/run.ts';
import type { Statement } from '../rights/statement.ts';

/** What the bytes say of themselves. */
export interface ImageFacts {
  /** jpeg, png, gif, webp, avif, svg, … */
  readonly format: string;
  /** Pixels as the file stores them, before any `orientation`; at least 1. */
  readonly width: number;
  /** Pixels as the file stores them, before any `orientation`; at least 1. */
  readonly height: number;
  /** Frames of an animation or pages of a document; absent where there is one, or no cheap count. */
  readonly frames?: number;
  /** How to turn the picture upright, 2 to 8 as in EXIF; absent where it stands upright. */
  readonly orientation?: number;
}

/** What bytes turned out to be. */
export type Inspection =
  | {
      readonly kind: 'image';
      readonly facts: ImageFacts;
      /** What its metadata says of rights; absent where it says nothing. */
      readonly rights?: readonly Statement[];
    }
  /** They begin as an image, and are cut or damaged. */
  | { readonly kind: 'corrupt'; readonly format: string; readonly detail: string }
  /** They are something else; `detail` says what, as far as it can be seen. */
  | { readonly kind: 'not-an-image'; readonly detail: string };

/** Tells an image by its bytes. Takes hostile ones: it never throws, and its time is linear in their length. */
export type InspectImage = (bytes: Uint8Array) => Inspection;

/** A downloaded image; its bytes are there until its target is settled. */
export interface Image extends ImageFacts {
  readonly url: string;
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** A picture that an earlier run kept. */
export interface KeptPicture {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly format: string;
  /** Its length. */
  readonly bytes: number;
}

/** A file that belongs to an image or a page and is no result of its own. */
export interface SideFile {
  readonly folder: 'thumbnails' | 'files';
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal, of the bytes. */
  readonly sha256: string;
  /** The ending of its name, without the point. */
  readonly ending: string;
  readonly contentType: string;
}

/** Bytes with what they are kept under. */
export type KeptBytes = Pick<Image, 'url' | 'bytes' | 'sha256' | 'format'>;

/** Keeps images under their hash, one picture once; and documents, where a run keeps them. */
export interface ImageStore {
  /**
   * Resolves, when the image is safe, with where it is. It may resolve late, so that a store can
   * put many images into one object: the target is settled only afterwards. Where earlier runs kept
   * images in `roots`, the same picture there is used once more.
   */
  put(run: Run, image: KeptBytes, roots?: readonly string[]): Promise<string>;
}

/** The images that earlier runs kept in the same store. */
export interface EarlierImages {
  /** Where the images of a run are, in words that later runs understand. */
  rootOf(run: Run): string;
  /** Whether a picture that was kept in `root` is there, as far as it can be told without a request. */
  holds(picture: KeptPicture, root: string): boolean;
  /** Makes such a picture one of the run, too: gives where it is, or undefined when it is not there. */
  adopt(run: Run, picture: KeptPicture, root: string): Promise<string | undefined>;
}

/** Keeps files beside images under their hash. */
export interface SideFileStore {
  /** Resolves, when the file is safe, with where it is. */
  put(run: Run, file: SideFile): Promise<string>;
}
