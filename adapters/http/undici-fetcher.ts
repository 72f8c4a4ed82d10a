import type { Fetcher, FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';
import { type AddressPolicy, refusalOfUrl } from './address-guard.ts';
import { ByteBudget } from './byte-budget.ts';
import { type ConnectionCounts, Connections } from './connections.ts';
import { decodeBody } from './decode-body.ts';
import { decodeText } from './decode-text.ts';
import { defaultMaxSockets } from './descriptor-limit.ts';
import { Exchange } from './exchange.ts';
import type { TransferLimits } from './exchange-clock.ts';
import type { SentRequest } from './exchange-head.ts';
import { guardedConnector, type Network } from './guarded-connector.ts';
import type { Ticket } from './origin-pool.ts';
import { failResetStreams } from './reset-streams.ts';

/** Limits of a fetcher; the ones of a request come with it. */
export interface FetcherLimits extends TransferLimits {
  /** In place of the same limits, for a host that has never answered. */
  readonly firstContact: Pick<TransferLimits, 'connectMs' | 'firstByteMs'>;
  /** Sockets that are open at once, over all hosts. */
  readonly maxSockets: number;
}

/** What a slow but honest server needs at most; a request's own limit is mostly shorter. */
const LIMITS: Omit<FetcherLimits, 'maxSockets'> = {
  connectMs: 10_000,
  firstByteMs: 30_000,
  idleMs: 20_000,
  firstContact: { connectMs: 5000, firstByteMs: 10_000 },
};
/** A request is sent again so often: a pool may hold more than one connection that is closed. */
const MAX_REPEATS = 3;
/** What browsers ask for where an image is wanted: servers choose formats by it. */
const ACCEPT_IMAGES = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
/**
 * Bytes of bodies in memory at once, the oldest one's rest not counted. Several times as many are
 * held for a moment as pieces that wait to be collected.
 */
const BUDGET_BYTES = 16 * 1024 * 1024;

/** How one attempt at a request ended. */
interface Attempt {
  readonly outcome: FetchOutcome;
  /** Another connection may bring the answer, and nothing forbids to try it at once. */
  readonly mayRepeat: boolean;
}

/**
 * Fetches over kept connections, with a bounded number of sockets over all hosts. Rejects only on
 * infrastructure errors: NoSocketError, where the system refuses a socket. Goes below undici's `request` to its `dispatch`, which
 * costs half the CPU: no stream is built for a body that is kept whole anyway.
 */
export class UndiciFetcher implements Fetcher {
  readonly #policy: AddressPolicy;
  readonly #stopFailing: () => void;
  readonly #connections: Connections;
  readonly #limits: FetcherLimits;
  readonly #firstContactLimits: TransferLimits;
  readonly #budget = new ByteBudget(BUDGET_BYTES);

  constructor(policy: AddressPolicy, network: Network = {}, limits: Partial<FetcherLimits> = {}) {
    this.#policy = policy;
    this.#limits = { maxSockets: defaultMaxSockets(), ...LIMITS, ...limits };
    this.#firstContactLimits = { ...this.#limits, ...this.#limits.firstContact };
    const { connectMs, maxSockets } = this.#limits;
    const connect = guardedConnector(policy, network, { timeout: connectMs });
    this.#connections = new Connections(connect, maxSockets);
    this.#stopFailing = failResetStreams();
  }

  /** What it holds now; all of it is bounded by `maxSockets` and the requests under way. */
  get counts(): ConnectionCounts {
    return this.#connections.counts;
  }

  async fetch(asked: FetchRequest): Promise<FetchOutcome> {
    const request = this.#withinLimits(asked);
    const url = new URL(request.url);
    const denied = this.#policy.hosts?.refusalOf(url.hostname);
    if (denied !== undefined) return { kind: 'failed', reason: 'host-denied', detail: denied };
    const refusal = refusalOfUrl(url, this.#policy);
    if (refusal !== undefined)
      return { kind: 'failed', reason: 'address-blocked', detail: refusal };
    const outcome = await this.#exchangeOrRepeat(url, request);
    if (outcome.kind !== 'body') return outcome;
    const decode = request.mayCut === true ? decodeText : decodeBody;
    const decoded = await decode(outcome, request.maxBytes);
    return decoded === outcome ? outcome : this.#held(decoded);
  }

  #withinLimits(request: FetchRequest): FetchRequest {
    const { maxBytes = Number.POSITIVE_INFINITY } = this.#policy;
    return request.maxBytes <= maxBytes ? request : { ...request, maxBytes };
  }

  /** A decoded body counts in the budget as what it is now. */
  #held(outcome: FetchOutcome): FetchOutcome {
    if (outcome.kind !== 'body') return outcome;
    // The decoded body is one of its own: the one it came from is not needed any more.
    outcome.release();
    const hold = this.#budget.open(() => {});
    hold.complete();
    hold.take(outcome.body.byteLength);
    return { ...outcome, release: () => hold.release() };
  }

  /** Closes every connection; requests under way fail. */
  async close(): Promise<void> {
    this.#connections.close();
    this.#stopFailing();
  }

  /** Sent again, within its time, where a server closed kept connections just as they were used. */
  async #exchangeOrRepeat(url: URL, request: FetchRequest): Promise<FetchOutcome> {
    const untilMs = performance.now() + request.timeoutMs;
    for (let repeats = MAX_REPEATS; ; repeats -= 1) {
      const timeoutMs = Math.max(1, untilMs - performance.now());
      const isRepeat = repeats < MAX_REPEATS;
      const { outcome, mayRepeat } = await this.#exchange(url, { ...request, timeoutMs }, isRepeat);
      if (!mayRepeat || repeats === 0) return outcome;
    }
  }

  async #exchange(url: URL, request: FetchRequest, isRepeat: boolean): Promise<Attempt> {
    const limits = request.firstContact === true ? this.#firstContactLimits : this.#limits;
    const end = Promise.withResolvers<FetchOutcome>();
    const options = optionsOf(url, request);
    const exchange = new Exchange(request, options, limits, this.#budget, end);
    const ticket: Ticket = { exchange, options, connectMs: limits.connectMs, isRepeat };
    const pool = this.#connections.send(url.origin, request.perHost, ticket);
    try {
      const outcome = await end.promise;
      const { isUnsent, brokeUnanswered } = exchange;
      return { outcome, mayRepeat: isUnsent || (brokeUnanswered && request.mayRepeat === true) };
    } finally {
      pool.end(ticket);
    }
  }
}

function optionsOf(url: URL, request: FetchRequest): Ticket['options'] & SentRequest {
  const own = {
    'user-agent': request.userAgent,
    accept: request.accept ?? ACCEPT_IMAGES,
    'accept-encoding': 'gzip, deflate, br, zstd',
  };
  return {
    origin: url.origin,
    // `search` would lose a `?` that nothing follows.
    path: url.href.slice(url.origin.length).replace(/#.*$/, ''),
    method: 'GET',
    headers: request.headers === undefined ? own : { ...own, ...request.headers },
  };
}
