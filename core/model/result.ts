import type { Statement } from '../rights/statement.ts';
import type { FindFacts } from './find-facts.ts';
import type { Reason, Status } from './outcome.ts';

/** What was learned of a target, whatever its end. Fields are absent where they do not apply. */
export interface Facts extends FindFacts {
  /** Address that answered, after redirects; absent when it is the target's own. */
  readonly finalUrl?: string;
  readonly httpStatus?: number;
  readonly contentType?: string;
  /** Format by the bytes: jpeg, png, gif, webp, avif, svg, … */
  readonly format?: string;
  /** Pixels as stored, before any `orientation`. */
  readonly width?: number;
  /** Pixels as stored, before any `orientation`. */
  readonly height?: number;
  /** Frames of an animation or pages of a document, where there are more than one. */
  readonly frames?: number;
  /** How to turn the picture upright, 2 to 8 as in EXIF, where it does not stand so. */
  readonly orientation?: number;
  /** Length of the decoded body. */
  readonly bytes?: number;
  /** SHA-256 of the decoded body, lower-case hexadecimal. */
  readonly sha256?: string;
  /** Where the image is: a path below the run's output, or an `s3://` URI. */
  readonly file?: string;
  /** Links of a page, style sheet or sitemap, its own left-outs counted. */
  readonly links?: number;
  /** Images that it names. */
  readonly images?: number;
  /** Fingerprints of those images, see `fingerprint`: they tell on how many pages an image was found. */
  readonly sightings?: string;
  /** What the site or the network said, for people. */
  readonly detail?: string;
  /** What its owner says of its uses, as evidence: at most `MAX_EVIDENCE` statements. */
  readonly rights?: readonly Statement[];
  /** Whatever the hook for images wants kept beside the result. */
  readonly extra?: Readonly<Record<string, string | number | boolean>>;
}

/** The end of one target. */
export interface Result extends Facts {
  readonly url: string;
  readonly status: Status;
  /** Null when it succeeded. */
  readonly reason: Reason | null;
  /** Requests made for the target, retries included, redirects not. */
  readonly attempts: number;
  /** Length of the last attempt in milliseconds. */
  readonly durationMs: number;
  /** ISO 8601, UTC. */
  readonly fetchedAt: string;
}

/** A result as the ledger keeps it: with the task that settled it. */
export interface SettledResult extends Result {
  readonly runId: string;
  readonly taskId: string;
  readonly round: number;
}
