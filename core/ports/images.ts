import type { Run } from '../model/run.ts';
import type { Statement } from '../model/statement.ts';

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
  /** Where it is, where that is a part of an object. */
  readonly part?: ImagePlace;
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

/** Where an image is kept. */
export interface ImagePlace {
  /** A path below the run's output, or the `s3://` URI of an object. */
  readonly file: string;
  /** Where the image begins in that object, in bytes; absent where the object is the image. */
  readonly offset?: number;
  /** How long it is there, in bytes; present where `offset` is. */
  readonly length?: number;
}

/** An image that a store has taken. */
export interface StoredImage extends ImagePlace {
  /**
   * Resolves when the image is safe, and rejects when it will never be: nothing may refer to its
   * place before. Absent where it is safe already.
   */
  readonly kept?: Promise<void>;
}

/**
 * Keeps images under their hash, one picture of a run once as far as the store knows; and documents,
 * where a run keeps them.
 */
export interface ImageStore {
  /**
   * Takes an image; afterwards its bytes are the store's own copy, or written. Where earlier runs
   * kept images in `roots`, the same picture there is used once more.
   */
  put(run: Run, image: KeptBytes, roots?: readonly string[]): Promise<StoredImage>;
  /**
   * Somebody waits for nothing but images of this run: they are made safe soon, and sooner where
   * `isIdle`: the worker has nothing under way that would bring others.
   */
  hurry?(run: Run, isIdle: boolean): void;
}

/** The images that earlier runs kept in the same store. */
export interface EarlierImages {
  /**
   * Where the images of a run are, in words that later runs understand; undefined where the run takes
   * none of earlier runs, and no later one may take its own.
   */
  rootOf(run: Run): string | undefined;
  /** Whether the run may take a picture that was kept in `root`, as far as it can be told without a request. */
  holds(run: Run, picture: KeptPicture, root: string): boolean;
  /** Makes such a picture one of the run, too: gives where it is, or undefined when it is not there. */
  adopt(run: Run, picture: KeptPicture, root: string): Promise<ImagePlace | undefined>;
}

/** Keeps files beside images under their hash. */
export interface SideFileStore {
  /** Resolves, when the file is safe, with where it is. */
  put(run: Run, file: SideFile): Promise<string>;
}
