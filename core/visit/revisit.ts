import { freshForMs } from '../memory/freshness.ts';
import type { Past } from '../memory/group-memory.ts';
import { isAboutVersion, validatorsOf } from '../memory/validators.ts';
import type { Facts } from '../model/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { FetchOutcome, Headers } from '../ports/fetcher.ts';
import { headersOf } from '../ports/fetcher.ts';
import type { Lesson, Remembered } from '../ports/remembered.ts';

const NOT_MODIFIED = 304;

/** What a visit to a URL takes from memory, and what it adds to it. */
export class Revisit {
  readonly #clock: Clock;
  readonly #first: string;
  #past: Past | undefined;
  /** How long the redirects on the way stay as they are, as far as they say, in milliseconds. */
  #wayFreshMs = Number.POSITIVE_INFINITY;

  /** `first` is the address that the visit begins with. */
  constructor(past: Past | undefined, first: string, clock: Clock) {
    this.#past = past;
    this.#first = first;
    this.#clock = clock;
  }

  /** What is known of the URL, as long as it is believed. */
  get past(): Past | undefined {
    return this.#past;
  }

  /** Header fields of the request for `at`, with the conditions where it is what sent the version. */
  headersFor(
    at: string,
    own: Readonly<Record<string, string>> | undefined,
  ): Readonly<Record<string, string>> | undefined {
    const conditions = this.#conditionsAt(at);
    // What the person typed comes before what is sent by itself.
    return conditions === undefined ? own : { ...conditions, ...own };
  }

  /** Whether an answer of `at` says that the version is what is there now. */
  isNotModified(outcome: FetchOutcome, at: string): boolean {
    return outcome.httpStatus === NOT_MODIFIED && this.#conditionsAt(at) !== undefined;
  }

  /** The version that a 304 stands for; undefined where it cannot be the one that was asked about. */
  versionOf(headers: Headers): Past | undefined {
    const past = this.#past;
    return past !== undefined && isAboutVersion(headers, past.remembered) ? past : undefined;
  }

  /** Nothing is known: what is asked from now on is asked without conditions. */
  forget(): void {
    this.#past = undefined;
  }

  /** A redirect was followed. */
  passed(outcome: FetchOutcome): void {
    const freshMs = freshForMs(headersOf(outcome)) ?? 0;
    this.#wayFreshMs = Math.min(this.#wayFreshMs, freshMs);
  }

  /** What is to be remembered of an answer that brought all. */
  lessonOf(headers: Headers): Lesson {
    const now = this.#clock.now();
    return {
      ...validatorsOf(headers),
      seenMs: now,
      freshForMs: this.#freshForMs(freshForMs(headers)),
      isLoaded: true,
    };
  }

  /** The same of one that only said that nothing changed: what it does not say stays (RFC 9111, section 3.2). */
  lessonOfNotModified(headers: Headers, { remembered }: Past): Lesson {
    const told = validatorsOf(headers);
    return {
      etag: told.etag ?? remembered.etag,
      lastModified: told.lastModified ?? remembered.lastModified,
      seenMs: this.#clock.now(),
      freshForMs: this.#freshForMs(freshForMs(headers) ?? remembered.freshForMs),
      document: remembered.document,
      isLoaded: false,
    };
  }

  #freshForMs(ms: number | undefined): number | undefined {
    const shortest = Math.min(this.#wayFreshMs, ms ?? 0);
    return shortest > 0 ? shortest : undefined;
  }

  #conditionsAt(at: string): Past['conditions'] {
    const past = this.#past;
    if (past === undefined || at !== (past.remembered.facts.finalUrl ?? this.#first))
      return undefined;
    return past.conditions;
  }
}

/** What is to be remembered of a URL that was not asked for. */
export function lessonOfKnown({ remembered }: Past): Lesson {
  const { etag, lastModified, seenMs, freshForMs, document } = remembered;
  return { etag, lastModified, seenMs, freshForMs, document, isLoaded: false };
}

/** What the result of such a URL says of the version that is there. */
export function factsOfKept({ facts, keptMs, keptIn, archived }: Remembered): Facts {
  return { ...facts, keptAt: new Date(keptMs).toISOString(), keptIn, archived };
}
