import type { ListColumns } from '../model/column-value.ts';
import type { ExtraFields } from '../model/extra-fields.ts';
import type { Target } from '../model/task.ts';
import type { ImageMetadata, MadeImage, Pdq } from './image-work.ts';
import type { Image } from './images.ts';

/** As the list or a page named it: URL, alternative text, title, page. */
export interface HookTarget extends Omit<Target, 'columnsJson'> {
  /** Columns of its row in the list, of several rows the first, as far as `HOOK_COLUMNS` names them. */
  readonly columns?: ListColumns;
  /** Names of those whose values are too long for a task. */
  readonly tooLong?: readonly string[];
}

/** What is known of an image besides its bytes. */
export interface ImageContext {
  readonly runId: string;
  readonly target: HookTarget;
  /** What is about to be stored: the image itself, or what the run's image settings made of it. */
  readonly stored: MadeImage;
  /** With `--pdq`. */
  readonly pdq?: Pdq;
  /** With `--exif`. */
  readonly exif?: ImageMetadata;
}

/** A file that a hook wants to be stored; its name is that of the field `files` of the result. */
export interface HookFile {
  readonly bytes: Uint8Array;
  /** As in `jpg` or `json`. */
  readonly ending: string;
  /** As in `image/jpeg`. */
  readonly contentType: string;
}

interface Keep {
  readonly kind: 'keep';
  readonly extra?: ExtraFields;
  /** By names of letters, digits, `-` and `_`; at most ten. */
  readonly files?: Readonly<Record<string, HookFile>>;
}

interface Skip {
  readonly kind: 'skip';
  /** Why, for people: it is the `detail` of the result. */
  readonly detail: string;
}

export type ImageDecision =
  /** `bytes` is an image that is stored instead. */
  (Keep & { readonly bytes?: Uint8Array }) | Skip;

/** What the person who adapts the template does with an image: keep it, with more facts, or leave it out. */
export type OnImage = (image: Image, context: ImageContext) => Promise<ImageDecision>;

/** A page that was read. */
export interface ReadPage {
  /** Canonical. */
  readonly url: string;
  /** As they came, in whatever encoding. */
  readonly bytes: Uint8Array;
  readonly title?: string;
  /** Absolute, those that are not followed too. */
  readonly links: readonly string[];
  readonly images: readonly { readonly url: string; readonly alt?: string }[];
}

/** What is known of a page besides. */
export type PageContext = Pick<ImageContext, 'runId' | 'target'>;

export type PageDecision = Keep | Skip;

/** The same for a page: one that is left out brings neither images nor links. */
export type OnPage = (page: ReadPage, context: PageContext) => Promise<PageDecision>;
