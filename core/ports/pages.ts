import type { DocumentKind } from '../model/document-kind.ts';
import type { Purpose } from '../model/purpose.ts';
import type { TdmStatement } from '../model/tdm-rules.ts';

/** One picture that a document names. */
export interface FoundImage {
  /** Absolute, or a `data:` URL with its bytes; not canonical yet. */
  readonly url: string;
  /** Alternative text, white space collapsed, at most 200 characters. */
  readonly alt?: string;
  /** Title, likewise. */
  readonly title?: string;
}

/** One document that a document names, and what it is expected to be. */
export interface FoundLink {
  /** Absolute; not canonical yet. */
  readonly url: string;
  readonly kind: DocumentKind;
  /** It says that it leads to the next or the previous part of the same (`rel=next`, `rel=prev`). */
  readonly isSequel?: boolean;
}

/** What a document turned out to be, by its bytes and headers. */
export type ReadDocument =
  | {
      readonly kind: DocumentKind;
      readonly title?: string;
      /** In the order of the document, each URL once. */
      readonly images: readonly FoundImage[];
      /** Likewise, without those that ask not to be followed. */
      readonly links: readonly FoundLink[];
      /** Links left out for `rel=nofollow` or the document's own `nofollow`. */
      readonly notFollowed: number;
      /** The address that the page itself says it has, absolute, where it is another one. */
      readonly canonical?: string;
      /** The directive of a robots meta element by which its owner does not want it kept. */
      readonly optOut?: string;
      /** What its `meta` elements say of text and data mining (TDMRep). */
      readonly mining?: TdmStatement;
      /** The address of an RSL document that it names as its terms, absolute. */
      readonly license?: string;
      /** Of a sitemap: it tells news of a site (RSS, Atom) rather than which pages there are. */
      readonly isFeed?: boolean;
      /** Whether a limit was met: what comes behind it was not read. */
      readonly isCut: boolean;
    }
  /** An image, a film, an archive, …; `detail` says what, as far as it can be seen. */
  | {
      readonly kind: 'not-a-page';
      readonly detail: string;
      /** Whether it is better asked for as an image. */
      readonly looksLikeImage: boolean;
    };

/** A body to read, with what is known of it. */
export interface DocumentBody {
  readonly bytes: Uint8Array;
  /** Address that answered: what its relative URLs are relative to. */
  readonly url: string;
  /** The `Content-Type` header as it came. */
  readonly contentType?: string;
  /** The `Link` header as it came: links of a page that are not in its markup. */
  readonly linkHeader?: string;
  /** What its link said that it would be. */
  readonly expected: DocumentKind;
  /** By which name robots meta elements speak to us. */
  readonly productToken: string;
  /** What the images of the run are for: robots meta elements reserve some uses and not others. */
  readonly purposes: readonly Purpose[];
  /** Of the candidates of a `srcset` only the largest. */
  readonly best: boolean;
}

/**
 * Finds the images and links of a page, a style sheet, a sitemap or a feed. Takes hostile bytes:
 * it never throws, and its time and memory are linear in their length.
 */
export type ReadDocumentBody = (body: DocumentBody) => Promise<ReadDocument>;
