import type { DocumentKind } from '../ports/pages.ts';

/** What is kept of a find beside the result of its target. */
export interface FindFacts {
  /** A page, style sheet or sitemap to look for images in; an image when absent. */
  readonly kind?: DocumentKind;
  /** Links followed from the list to the page it was found on, or is; absent for images of a list. */
  readonly depth?: number;
  /** Canonical address of the document that named it first. */
  readonly foundOn?: string;
  /**
   * As the list has it, or as the document names it, made absolute; absent when that is its canonical
   * spelling. It is what is requested.
   */
  readonly foundAs?: string;
  /** Alternative text of the image where it was found. */
  readonly alt?: string;
  /** Title of the image where it was found. */
  readonly title?: string;
}
