import { hostOf } from '../model/canonical-url.ts';
import type { Run } from '../model/run.ts';
import type { Target } from '../model/task.ts';
import type { Clock } from '../ports/clock.ts';
import type { FetchOutcome } from '../ports/fetcher.ts';
import { CookieJar } from './cookie-jar.ts';
import type { SiteOf } from './parse-set-cookie.ts';

/** Most sites whose cookies are kept between visits, the least recently used dropped first. */
const MAX_SITES = 256;
/** Cookies of a site that is not visited for so long are forgotten, in milliseconds. */
const IDLE_MS = 10 * 60 * 1000;

interface KeptJar {
  readonly jar: CookieJar;
  usedMs: number;
}

/**
 * Cookies in the memory of a worker, of first parties only: they are kept along the redirects of one
 * target and, in a run over pages, between the visits to one site. Never of a site that a page only
 * takes an image from, never from one run to another, and never on a disk.
 */
export class Cookies {
  readonly #clock: Clock;
  readonly #siteOf: SiteOf;
  readonly #kept = new Map<string, KeptJar>();

  constructor(clock: Clock, siteOf: SiteOf) {
    this.#clock = clock;
    this.#siteOf = siteOf;
  }

  /** Sites whose cookies are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /** The cookies of one visit to a target. Costs nothing as long as nobody sets any. */
  open(run: Run, target: Target): VisitCookies {
    const isKept = run.settings.pages !== undefined && this.#isFirstParty(target);
    return new VisitCookies(
      this,
      this.#clock,
      isKept ? { run, host: hostOf(target.url) } : undefined,
    );
  }

  /** A jar that nobody else has. */
  newJar(): CookieJar {
    return new CookieJar(this.#siteOf);
  }

  /** The jar of a site in a run; undefined when there is none and `isWanted` is false. */
  jarOf(run: Run, site: string, isWanted: boolean): CookieJar | undefined {
    const nowMs = this.#clock.now();
    const key = `${run.runId} ${site}`;
    const known = this.#kept.get(key);
    if (known === undefined && !isWanted) return undefined;
    const isFresh = known !== undefined && nowMs - known.usedMs < IDLE_MS;
    const kept = isFresh ? known : { jar: this.newJar(), usedMs: nowMs };
    kept.usedMs = nowMs;
    this.#kept.delete(key); // the map is in the order of use
    this.#kept.set(key, kept);
    this.#forget(nowMs);
    return kept.jar;
  }

  /** The site of an authority, for the sake of comparison. */
  siteOfHost(host: string): string {
    const hostname = host.replace(/:\d+$/, '');
    return this.#siteOf(hostname) ?? hostname;
  }

  #forget(nowMs: number): void {
    for (const [key, { usedMs }] of this.#kept) {
      if (this.#kept.size <= MAX_SITES && nowMs - usedMs < IDLE_MS) return;
      this.#kept.delete(key);
    }
  }

  #isFirstParty({ url, kind, foundOn }: Target): boolean {
    if (kind !== undefined || foundOn === undefined) return true;
    return this.siteOfHost(hostOf(url)) === this.siteOfHost(hostOf(foundOn));
  }
}

/** What one visit sends and learns. */
export class VisitCookies {
  readonly #cookies: Cookies;
  readonly #clock: Clock;
  /** Whose jar outlives the visit. */
  readonly #site: { readonly run: Run; readonly host: string } | undefined;
  #own: CookieJar | undefined;

  constructor(cookies: Cookies, clock: Clock, site?: { readonly run: Run; readonly host: string }) {
    this.#cookies = cookies;
    this.#clock = clock;
    this.#site = site;
  }

  /** Whether another visit will know what this one learns. */
  get isKept(): boolean {
    return this.#site !== undefined;
  }

  /** The `Cookie` header for a request of this visit. */
  headerFor(url: string): string | undefined {
    if (this.#own === undefined && (this.#site === undefined || this.#cookies.size === 0))
      return undefined;
    return this.#jarFor(url, false)?.headerFor(url, this.#clock.now());
  }

  /** Takes over what an answer sets; true when the same request may have another answer now. */
  learn(url: string, outcome: FetchOutcome): boolean {
    if (outcome.kind === 'failed') return false;
    const setCookies = outcome.headers['set-cookie'];
    if (setCookies === undefined) return false;
    return this.#jarFor(url, true)?.learn(setCookies, url, this.#clock.now()) ?? false;
  }

  /** What a redirect leads to elsewhere is kept apart, and for this visit only. */
  #jarFor(url: string, isWanted: boolean): CookieJar | undefined {
    if (this.#site !== undefined) {
      const { run, host } = this.#site;
      const site = this.#cookies.siteOfHost(host);
      if (this.#cookies.siteOfHost(hostOf(url)) === site)
        return this.#cookies.jarOf(run, site, isWanted);
    }
    if (isWanted) this.#own ??= this.#cookies.newJar();
    return this.#own;
  }
}
