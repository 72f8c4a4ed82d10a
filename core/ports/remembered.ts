import type { ArchivedExchange } from '../model/for-later-runs.ts';
import type { OptOut } from '../model/opt-outs.ts';
import type { Purpose } from '../model/purpose.ts';
import type { KeptFacts } from '../model/result.ts';
import type { ImagePlace } from './images.ts';
import type { ReadDocument } from './pages.ts';

/** What tells a site which version of a resource is there already (RFC 9110, section 8.8). */
export interface Validators {
  /** With its quotes, and with `W/` where it is weak. */
  readonly etag?: string;
  /** As the site spelled it. */
  readonly lastModified?: string;
}

/** What a document named, as it was read. */
export interface KeptDocument {
  readonly document: Exclude<ReadDocument, { readonly kind: 'not-a-page' }>;
  /** What its head said of being kept and followed. */
  readonly optOut?: OptOut;
  readonly nofollow: boolean;
}

/** What is remembered of one URL: it was kept, and how its site can be asked whether it changed. */
export interface Remembered extends Validators {
  /** See `urlDigest`. */
  readonly digest: string;
  /** When the site last said that it is so, by sending it or by a 304, in milliseconds since 1970. */
  readonly seenMs: number;
  /** How long from then on the site calls it fresh, in milliseconds; absent where it does not say. */
  readonly freshForMs?: number;
  /** When its bytes were downloaded, in milliseconds since 1970. */
  readonly keptMs: number;
  /** The run that downloaded them. */
  readonly keptIn: string;
  readonly facts: KeptFacts;
  /** Where its picture is, where that is a part of an object. */
  readonly part?: ImagePlace;
  /** Where the ledger has what it named, where it is a page. */
  readonly document?: string;
  /** The exchange that brought it; absent where that was not kept for an archive. */
  readonly archived?: ArchivedExchange;
}

/** What a visit adds to memory. */
export interface Lesson extends Validators {
  readonly seenMs: number;
  readonly freshForMs?: number;
  /** Where what it named is kept already. */
  readonly document?: string;
  /** What it named, to be kept. */
  readonly read?: KeptDocument;
  /** Whether bytes came: they count for the ceiling of the run. */
  readonly isLoaded: boolean;
}

/** How a run asked and judged: what it kept is of use to runs that would have kept it, too. */
export interface Manner {
  /** Digest of the header fields that the run was given; empty where there are none. */
  readonly headers: string;
  readonly ignoreRobots: boolean;
  readonly purposes: readonly Purpose[];
  /** By which name robots meta elements spoke to it. */
  readonly token: string;
  /** Of the candidates of a `srcset` only the largest were taken; absent where pages were not read. */
  readonly best?: boolean;
}

/** What entries of one run share. */
export interface MemoryHead {
  /** The run that settled them: it has a result for each, so that deleting it is what frees the bytes. */
  readonly runId: string;
  /** Where its images are, see `EarlierImages.rootOf`. */
  readonly root?: string;
  readonly manner: Manner;
  /** They are forgotten then, in milliseconds since 1970. */
  readonly untilMs: number;
}
