import type { buildConnector, Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Fetcher, FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';
import { type AddressPolicy, refusalOfUrl } from './address-guard.ts';
import { ByteBudget } from './byte-budget.ts';
import { doubtEnds, trustEnds } from './cut-streams.ts';
import { decodeBody } from './decode-body.ts';
import { Exchange, type TransferLimits } from './exchange.ts';
import { guardedConnector, type Network } from './guarded-connector.ts';

/** Time to open a connection, in milliseconds. */
const CONNECT_MS = 10_000;
/** What a slow but honest server needs at most; a request's own limit is mostly shorter. */
const LIMITS: TransferLimits = { firstByteMs: 30_000, idleMs: 20_000 };
/** Idle connections stay open this long, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;
/** A request is sent again so often: a pool may hold more than one connection that is closed. */
const MAX_REPEATS = 3;
/** What a crawler of images asks for. */
const ACCEPT_IMAGES = 'image/avif,image/webp,image/*,*/*;q=0.8';
/**
 * Bytes of bodies in memory at once, the oldest one's rest not counted. Several times as many are
 * held for a moment as pieces that wait to be collected.
 */
const BUDGET_BYTES = 16 * 1024 * 1024;
/** Largest header of an answer, in bytes. */
const MAX_HEADER_BYTES = 32 * 1024;

/**
 * Fetches over pools of kept connections. Goes below undici's `request` to its `dispatch`, which
 * costs half the CPU: no stream is built for a body that is kept whole anyway.
 */
export class UndiciFetcher implements Fetcher {
  readonly #policy: AddressPolicy;
  readonly #connect: buildConnector.connector;
  readonly #agents = new Map<number, Agent>();
  readonly #limits: TransferLimits;
  readonly #budget = new ByteBudget(BUDGET_BYTES);

  constructor(policy: AddressPolicy, network: Network = {}, limits: Partial<TransferLimits> = {}) {
    this.#policy = policy;
    this.#limits = { ...LIMITS, ...limits };
    this.#connect = guardedConnector(policy, network, {
      timeout: CONNECT_MS,
      // One connection for all that is asked of a host at once, where it can.
      preferH2: true,
    });
    doubtEnds();
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
    // What was cut on the wire cannot be judged by its decoded length.
    const decoded = await decodeBody(
      outcome,
      request.maxBytes * (request.mayCut === true ? 16 : 1),
    );
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

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()));
    this.#agents.clear();
    trustEnds();
  }

  /** Sent again, within its time, where a server closed kept connections just as they were used. */
  async #exchangeOrRepeat(url: URL, request: FetchRequest): Promise<FetchOutcome> {
    const untilMs = performance.now() + request.timeoutMs;
    for (let repeats = request.mayRepeat === true ? MAX_REPEATS : 0; ; repeats -= 1) {
      const timeoutMs = Math.max(1, untilMs - performance.now());
      const { outcome, brokeUnanswered } = await this.#exchange(url, { ...request, timeoutMs });
      if (!brokeUnanswered || repeats === 0) return outcome;
    }
  }

  #exchange(url: URL, request: FetchRequest) {
    return new Promise<{ outcome: FetchOutcome; brokeUnanswered: boolean }>((resolve) => {
      const end = (outcome: FetchOutcome) => {
        resolve({ outcome, brokeUnanswered: exchange.brokeUnanswered });
      };
      const exchange = new Exchange(request, this.#limits, this.#budget, end);
      this.#agent(request.perHost).dispatch(
        {
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: 'GET',
          headers: {
            'user-agent': request.userAgent,
            accept: request.accept ?? ACCEPT_IMAGES,
            'accept-encoding': 'gzip, deflate, br, zstd',
          },
        } satisfies Dispatcher.DispatchOptions,
        exchange,
      );
    });
  }

  #agent(perHost: number): Agent {
    const known = this.#agents.get(perHost);
    if (known !== undefined) return known;
    const agent = new Agent({
      connections: perHost,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // One limit for the whole exchange is ours, see Exchange; undici's are for its parts.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: this.#connect,
    });
    this.#agents.set(perHost, agent);
    return agent;
  }
}
