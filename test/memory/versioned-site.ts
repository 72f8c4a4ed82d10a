import type { Clock } from '../../core/ports/clock.ts';
import type { FetchOutcome, FetchRequest, Headers } from '../../core/ports/fetcher.ts';

/** A resource as it is now. */
export interface Version {
  /** What `image` or `documentOf` give, as text; absent: it is gone. */
  readonly body?: string;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly cacheControl?: string;
  /** Where it leads to instead of having a body. */
  readonly location?: string;
  /** How it answers, where it does not do what it says. */
  readonly lie?: 'other-etag-each-time' | 'always-200' | 'always-304' | '304-of-another';
  readonly headers?: Headers;
}

/** Servers that count, and answer conditional requests as RFC 9110 has it, or not. */
export class VersionedSite {
  readonly versions = new Map<string, Version>();
  readonly requests: FetchRequest[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put(url: string, version: Version): void {
    this.versions.set(url, version);
  }

  /** URLs that were asked for since the last time. */
  asked(): readonly string[] {
    return this.requests.splice(0).map(({ url }) => url);
  }

  async fetch(request: FetchRequest): Promise<FetchOutcome> {
    request.onSent?.();
    this.requests.push(request);
    const outcome = this.#answer(request);
    const protocol = 'http/1.1' as const;
    const head = {
      request: 'GET / HTTP/1.1',
      response: `HTTP/1.1 ${outcome.httpStatus}`,
      protocol,
    };
    return request.keepsHead === true ? { ...outcome, head } : outcome;
  }

  #answer(request: FetchRequest): Exclude<FetchOutcome, { kind: 'failed' }> {
    const version = this.versions.get(request.url);
    if (version === undefined || (version.body === undefined && version.location === undefined))
      return { kind: 'no-body', httpStatus: 404, headers: {} };
    const headers = this.#headersOf(version);
    if (version.location !== undefined)
      return {
        kind: 'no-body',
        httpStatus: 302,
        headers: { ...headers, location: version.location },
      };
    if (isNotModified(version, request)) return { kind: 'no-body', httpStatus: 304, headers };
    const body = new TextEncoder().encode(version.body);
    return { kind: 'body', httpStatus: 200, headers, body, release: () => {} };
  }

  #headersOf({ etag, lastModified, cacheControl, lie, headers }: Version): Headers {
    const tag = lie === 'other-etag-each-time' ? `"${this.requests.length}"` : etag;
    return {
      date: new Date(this.#clock.now()).toUTCString(),
      etag: lie === '304-of-another' ? '"another"' : tag,
      'last-modified': lastModified,
      'cache-control': cacheControl,
      ...headers,
    };
  }
}

function isNotModified(
  { etag, lastModified, lie }: Version,
  { headers = {} }: FetchRequest,
): boolean {
  if (lie === 'always-200' || lie === 'other-etag-each-time') return false;
  if (lie === 'always-304') return true;
  const tag = headers['if-none-match'];
  if (lie === '304-of-another') return tag !== undefined;
  if (tag !== undefined) return tag === etag;
  const since = headers['if-modified-since'];
  return since !== undefined && since === lastModified;
}
