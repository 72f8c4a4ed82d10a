import { hostOf } from '../../core/model/canonical-url.ts';
import type { DocumentKind } from '../../core/model/document-kind.ts';
import type { TdmStatement } from '../../core/model/tdm-rules.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { FetchFailure, FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';
import type { Inspection } from '../../core/ports/images.ts';
import type { LinkRules } from '../../core/ports/link-rules.ts';
import type { ReadDocumentBody } from '../../core/ports/pages.ts';

/** What a site does with one request; `killer` ends the worker that asked. */
export type Answer = FetchOutcome | 'killer';

/** An outcome that takes longer than the others. */
export interface SlowAnswer {
  readonly kind: 'slow';
  readonly tookMs: number;
  readonly outcome: FetchOutcome;
}

/** Answers by URL: one after the other, the last one for ever. */
export type Script = Readonly<Record<string, readonly Answer[]>>;

/** Likewise, some of them slow. */
export type SiteScript = Readonly<Record<string, readonly (Answer | SlowAnswer)[]>>;

/** An image whose bytes are its own name. */
export function image(name: string): FetchOutcome {
  return {
    kind: 'body',
    httpStatus: 200,
    headers: {},
    body: new TextEncoder().encode(`img ${name}`),
    release: () => {},
  };
}

export function page(): FetchOutcome {
  return bodyOf('<html>');
}

/** What a scripted document names: addresses, and what is said of it. */
export interface ScriptedDocument {
  readonly pages?: readonly string[];
  /** Pages that are linked as the next or the previous one. */
  readonly sequels?: readonly string[];
  readonly manifests?: readonly string[];
  readonly styles?: readonly string[];
  readonly sitemaps?: readonly string[];
  readonly images?: readonly string[];
  readonly notFollowed?: number;
  readonly canonical?: string;
  readonly optOut?: string;
  readonly mining?: TdmStatement;
  readonly license?: string;
  readonly title?: string;
  readonly is?: DocumentKind;
  readonly isFeed?: boolean;
}

/** A document that `readScripted` reads. */
export function documentOf(document: ScriptedDocument): FetchOutcome {
  return bodyOf(`document ${JSON.stringify(document)}`);
}

/** A robots.txt, or other plain text. */
export function textOf(text: string): FetchOutcome {
  return bodyOf(text);
}

function bodyOf(text: string): FetchOutcome {
  return {
    kind: 'body',
    httpStatus: 200,
    headers: {},
    body: new TextEncoder().encode(text),
    release: () => {},
  };
}

const NOT_A_PAGE = { kind: 'not-a-page', detail: 'scripted', looksLikeImage: false } as const;

/** Reads the documents of `documentOf`. */
export const readScripted: ReadDocumentBody = async ({ bytes, expected, url }) => {
  const text = new TextDecoder().decode(bytes);
  if (!text.startsWith('document ')) return NOT_A_PAGE;
  const document: ScriptedDocument = JSON.parse(text.slice('document '.length));
  const absolute = (path: string) => new URL(path, url).href;
  const linksTo = (kind: DocumentKind, paths: readonly string[] = []) =>
    paths.map((path) => ({ kind, url: absolute(path) }));
  const {
    pages,
    sequels = [],
    manifests,
    styles,
    sitemaps,
    images = [],
    canonical,
    notFollowed = 0,
  } = document;
  return {
    kind: document.is ?? expected,
    title: document.title,
    images: images.map((path) => ({ url: absolute(path), alt: `picture ${path}` })),
    links: [
      ...linksTo('page', pages),
      ...linksTo('page', sequels).map((link) => ({ ...link, isSequel: true })),
      ...linksTo('style', styles),
      ...linksTo('manifest', manifests),
      ...linksTo('sitemap', sitemaps),
    ],
    notFollowed,
    canonical: canonical === undefined ? undefined : absolute(canonical),
    optOut: document.optOut,
    mining: document.mining,
    license: document.license,
    isFeed: document.isFeed,
    isCut: false,
  };
};

/** The last two labels make a domain, and a pattern is a part of a URL. */
export const plainLinkRules: LinkRules = {
  sameDomain: (a, b) => a.split('.').slice(-2).join('.') === b.split('.').slice(-2).join('.'),
  domainOf: (host) => host.split('.').slice(-2).join('.'),
  firstMatch: (patterns, url) => patterns.find((pattern) => url.includes(pattern)),
};

export function status(
  httpStatus: number,
  headers: Readonly<Record<string, string>> = {},
): FetchOutcome {
  return { kind: 'no-body', httpStatus, headers };
}

export function failure(reason: FetchFailure): FetchOutcome {
  return { kind: 'failed', reason, detail: 'scripted' };
}

/** An answer after so many milliseconds. */
export function slow(tookMs: number, outcome: FetchOutcome): SlowAnswer {
  return { kind: 'slow', tookMs, outcome };
}

/** Knows the images of `image`. */
export function inspectScripted(bytes: Uint8Array): Inspection {
  const text = new TextDecoder().decode(bytes);
  if (!text.startsWith('img ')) return { kind: 'not-an-image', detail: 'scripted' };
  return { kind: 'image', facts: { format: 'png', width: 2, height: 1 } };
}

/** A request that was made. */
export interface Visited {
  readonly url: string;
  readonly atMs: number;
  /** Those besides what every request has. */
  readonly headers: FetchRequest['headers'];
}

/** Sites that answer as planned. Throws for what was not planned. */
export class ScriptedSite {
  readonly visits: Visited[] = [];
  readonly #script: Map<string, (Answer | SlowAnswer)[]>;
  readonly #clock: Clock;
  readonly #latencyMs: number;
  readonly #active = new Map<string, number>();
  /** Most requests at once to any host. */
  mostAtOnce = 0;
  /** Most requests at once to all hosts together. */
  mostInFlight = 0;
  #inFlight = 0;

  constructor(script: SiteScript, clock: Clock, latencyMs: number) {
    this.#script = new Map(Object.entries(script).map(([url, answers]) => [url, [...answers]]));
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  async fetch({ url, headers, onSent }: FetchRequest, kill: () => void): Promise<FetchOutcome> {
    onSent?.();
    this.visits.push({ url, headers, atMs: this.#clock.now() });
    const answer = this.#next(url);
    if (answer === 'killer') {
      kill();
      return new Promise(() => {});
    }
    const isSlow = answer.kind === 'slow';
    const tookMs = isSlow ? answer.tookMs : this.#latencyMs;
    this.#count(hostOf(url), 1);
    if (tookMs > 0) await this.#clock.sleep(tookMs);
    this.#count(hostOf(url), -1);
    return isSlow ? answer.outcome : answer;
  }

  /** Requests that a host saw. */
  visitsOf(host: string): readonly Visited[] {
    return this.visits.filter(({ url }) => hostOf(url) === host);
  }

  /** How often a URL was asked for. */
  asked(url: string): number {
    return this.visits.filter((visit) => visit.url === url).length;
  }

  #next(url: string): Answer | SlowAnswer {
    const answers = this.#script.get(url);
    const answer = (answers?.length ?? 0) > 1 ? answers?.shift() : answers?.[0];
    if (answer === undefined) throw new Error(`nobody planned a request for ${url}`);
    return answer;
  }

  #count(host: string, change: 1 | -1): void {
    const active = (this.#active.get(host) ?? 0) + change;
    this.#active.set(host, active);
    this.mostAtOnce = Math.max(this.mostAtOnce, active);
    this.#inFlight += change;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
  }
}
