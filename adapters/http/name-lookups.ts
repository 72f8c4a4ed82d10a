import { ExpiringCache } from '../dns/expiring-cache.ts';
import { NameLookupError, type ResolvedAddress, type ResolveName } from '../dns/resolve-name.ts';

/** How long what was found is kept, in milliseconds, and for how many names. */
export interface LookupLimits {
  /** An answer is kept for its TTL, but at least this long, and this long without a TTL. */
  readonly minKeepMs: number;
  /** No answer is kept longer. */
  readonly maxKeepMs: number;
  /** For a name that does not exist or has no address. */
  readonly keepMissingMs: number;
  /** For every other failure. */
  readonly keepFailedMs: number;
  /** Names that are kept, the least recently used dropped first. */
  readonly keepNames: number;
}

const LIMITS: LookupLimits = {
  // The connections that a visit opens one after the other, for robots.txt and redirects, share an
  // answer even of TTL 0; a host that moves is found at its new place by the next attempt but one.
  minKeepMs: 10_000,
  // A worker lives for hours, and hosts are moved at once that have a TTL of a day.
  maxKeepMs: 10 * 60_000,
  // Repeated by most further attempts of a crawl, and then a name that was just made is found.
  keepMissingMs: 30_000,
  // The least that RFC 9520, section 3.2, asks for; an attempt seconds later asks again.
  keepFailedMs: 1000,
  keepNames: 50_000,
};

type Kept = { readonly addresses: readonly ResolvedAddress[] } | { readonly error: Error };

/** Look-ups of names: one at a time for each name, their answers and failures kept. */
export class NameLookups {
  readonly #resolve: ResolveName;
  readonly #limits: LookupLimits;
  readonly #now: () => number;
  readonly #kept: ExpiringCache<Kept>;
  readonly #flying = new Map<string, Promise<readonly ResolvedAddress[]>>();

  constructor(
    resolve: ResolveName,
    limits: Partial<LookupLimits> = {},
    now: () => number = () => performance.now(),
  ) {
    this.#resolve = resolve;
    this.#limits = { ...LIMITS, ...limits };
    this.#now = now;
    this.#kept = new ExpiringCache(this.#limits.keepNames);
  }

  /** The addresses of a name; rejects as the resolver does, or did a moment ago. */
  async lookUp(hostname: string): Promise<readonly ResolvedAddress[]> {
    const kept = this.#kept.get(hostname, this.#now());
    if (kept === undefined) return this.#flying.get(hostname) ?? this.#start(hostname);
    if ('error' in kept) throw kept.error;
    return kept.addresses;
  }

  #start(hostname: string): Promise<readonly ResolvedAddress[]> {
    const flying = this.#resolveAndKeep(hostname).finally(() => this.#flying.delete(hostname));
    this.#flying.set(hostname, flying);
    return flying;
  }

  async #resolveAndKeep(hostname: string): Promise<readonly ResolvedAddress[]> {
    try {
      const addresses = await this.#resolve(hostname);
      this.#keep(hostname, { addresses }, this.#keepMsOf(addresses));
      return addresses;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      const isMissing = failure instanceof NameLookupError && failure.isMissing;
      const { keepMissingMs, keepFailedMs } = this.#limits;
      this.#keep(hostname, { error: failure }, isMissing ? keepMissingMs : keepFailedMs);
      throw failure;
    }
  }

  #keep(hostname: string, kept: Kept, keepMs: number): void {
    this.#kept.set(hostname, kept, this.#now() + keepMs);
  }

  /** The least TTL of the addresses, within the limits. */
  #keepMsOf(addresses: readonly ResolvedAddress[]): number {
    const { minKeepMs, maxKeepMs } = this.#limits;
    const ttls = addresses.flatMap(({ ttlMs }) => (ttlMs === undefined ? [] : [ttlMs]));
    if (ttls.length === 0) return minKeepMs;
    return Math.min(maxKeepMs, Math.max(minKeepMs, Math.min(...ttls)));
  }
}
