import type { DocumentKind } from '../ports/pages.ts';
import type { Reason } from './outcome.ts';
import type { Facts } from './result.ts';

/** How a target was found, and what it is expected to be. Absent fields: an image of a list. */
export interface Find {
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
  /** Steps from one address to the next without a link of a page between: redirects, `@import`, sitemaps. */
  readonly hops?: number;
  /** Links in a row between pages whose addresses differ in numbers only, none of them a `rel=next`. */
  readonly chain?: number;
  /**
   * The page whose site bounds what this document names, where that is not its own address: a site
   * may keep its sitemap elsewhere. `*` where a list named the sitemap: its entries are in scope.
   */
  readonly site?: string;
  /** Nobody has named it, it is only usual: that it is not there is no failure. */
  readonly isGuess?: boolean;
  /** How it ended, where its finder had its bytes: it is settled so, and not visited. */
  readonly decided?: Decided;
}

/** The end of a target that came inside a document. */
export interface Decided {
  readonly reason: Reason | null;
  readonly facts: Facts;
}

/** What is kept of a find beside the result of its target. */
export type FindFacts = Pick<Find, 'kind' | 'depth' | 'foundOn' | 'foundAs' | 'alt' | 'title'>;

/** The part of a find that a result tells. */
export function factsOfFind({ kind, depth, foundOn, foundAs, alt, title }: Find): FindFacts {
  return { kind, depth, foundOn, foundAs, alt, title };
}
