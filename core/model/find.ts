import type { AllOf } from './all-of.ts';
import type { Reason } from './outcome.ts';
import type { Facts, FindFacts } from './result.ts';

/**
 * How a target was found, and what it is expected to be. Absent fields: an image of a list. `foundAs` is what is
 * requested.
 */
export interface Find extends FindFacts {
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
  /** Columns of its list that hooks are given, see `encodeColumns`. */
  readonly columnsJson?: string;
  /** How it ended, where its finder had its bytes: it is settled so, and not visited. */
  readonly decided?: Decided;
}

/** The end of a target that came inside a document. */
export interface Decided {
  readonly reason: Reason | null;
  readonly facts: Facts;
}

/** The part of a find that a result tells. */
export function factsOfFind(find: Find): AllOf<FindFacts> {
  const { kind, depth, foundOn, foundAs, alt, title, expectedHash } = find;
  return { kind, depth, foundOn, foundAs, alt, title, expectedHash };
}

/** Why a URL that was found is no target, and what else is known of it. */
export interface LeftOut extends FindFacts {
  readonly reason: Reason;
  readonly detail?: string;
}
