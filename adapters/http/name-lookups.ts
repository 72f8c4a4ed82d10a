import { ADDRCONFIG, type LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';

/** The addresses of a host name, of both families; rejects or is empty when it has none. */
export type ResolveName = (hostname: string) => Promise<readonly LookupAddress[]>;

/** As the machine resolves names (hosts file, search list, DNS), in the order it prefers. */
export const resolveBySystem: ResolveName = (hostname) =>
  lookup(hostname, { all: true, order: 'verbatim', hints: ADDRCONFIG });

/** A name that did not lead to an address in time. */
export class NameLookupError extends Error {
  override readonly name = 'NameLookupError';
}

/** How look-ups are bounded. */
export interface LookupLimits {
  /** What one caller waits, in milliseconds. */
  readonly timeoutMs: number;
  /** Names that are looked up at once. */
  readonly atOnce: number;
  /** How long an answer serves further connections, in milliseconds. */
  readonly keepMs: number;
  /** Answers that are kept. */
  readonly keepNames: number;
}

const LIMITS: LookupLimits = { timeoutMs: 5000, atOnce: 16, keepMs: 10_000, keepNames: 1000 };

interface Kept {
  readonly addresses: readonly LookupAddress[];
  readonly untilMs: number;
}

/**
 * Look-ups of names, each name once at a time. Bounded, because getaddrinfo holds a thread of
 * libuv's pool until the system gives up, however long the name's servers keep silent: a caller
 * stops waiting, the look-up keeps its place, and a late answer still serves the next caller.
 */
export class NameLookups {
  readonly #resolve: ResolveName;
  readonly #limits: LookupLimits;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #flying = new Map<string, Promise<readonly LookupAddress[]>>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(
    resolve: ResolveName,
    limits: Partial<LookupLimits> = {},
    now: () => number = () => performance.now(),
  ) {
    this.#resolve = resolve;
    this.#limits = { ...LIMITS, ...limits };
    this.#now = now;
  }

  /** The addresses of a name. Rejects as the resolver does, or with NameLookupError in time. */
  async lookUp(hostname: string): Promise<readonly LookupAddress[]> {
    const kept = this.#kept.get(hostname);
    if (kept !== undefined && kept.untilMs > this.#now()) return kept.addresses;
    const flying = this.#flying.get(hostname) ?? this.#start(hostname);
    return within(flying, this.#limits.timeoutMs, hostname);
  }

  #start(hostname: string): Promise<readonly LookupAddress[]> {
    const flying = this.#inTurn(hostname).finally(() => this.#flying.delete(hostname));
    this.#flying.set(hostname, flying);
    return flying;
  }

  async #inTurn(hostname: string): Promise<readonly LookupAddress[]> {
    if (this.#active >= this.#limits.atOnce) {
      await new Promise<void>((begin) => this.#waiting.push(begin));
    } else this.#active += 1;
    try {
      const addresses = await this.#resolve(hostname);
      this.#keep(hostname, addresses);
      return addresses;
    } finally {
      // The place is handed on, so that nobody who comes now can slip in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#active -= 1;
      else next();
    }
  }

  /** Failures are not kept: their targets are tried again later, and then want to know anew. */
  #keep(hostname: string, addresses: readonly LookupAddress[]): void {
    this.#kept.delete(hostname); // the map is in the order of age
    this.#kept.set(hostname, { addresses, untilMs: this.#now() + this.#limits.keepMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#limits.keepNames && oldest !== undefined) this.#kept.delete(oldest);
  }
}

function within<T>(work: Promise<T>, ms: number, hostname: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new NameLookupError(`${hostname} not looked up after ${ms} ms`));
    const timer = setTimeout(giveUp, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
