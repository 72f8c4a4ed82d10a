import type { Clock } from '../../../core/ports/clock.ts';
import type { HostWeb } from './host-web.ts';

/** How hosts may be asked. */
export interface Politeness {
  /** Most requests at once. */
  readonly perHost: number;
  /** Most requests a second; 0 for no limit. */
  readonly ratePerS: number;
}

/** Requests of one connection before another is opened, see `core/hosts/open-requests.ts`. */
const PER_CONNECTION = 24;
/** A request does not wait for a connection whose answer takes longer, in milliseconds. */
const PATIENCE_MS = 1000;

/** How fast hosts answer that are asked politely. */
export class Pacer {
  readonly #web: HostWeb;
  readonly #clock: Clock;
  readonly #politeness: Politeness;
  /** By rank, when a big host is done with what it was asked for, in milliseconds since 1970. */
  readonly #doneAtMs = new Map<number, number>();

  constructor(web: HostWeb, clock: Clock, politeness: Politeness) {
    this.#web = web;
    this.#clock = clock;
    this.#politeness = politeness;
  }

  /** Requests a second that a host with much to do takes. */
  perS(rank: number): number {
    const { perHost, ratePerS } = this.#politeness;
    const mostPerS = (perHost * 1000) / this.#web.latencyMs(rank);
    return ratePerS === 0 ? mostPerS : Math.min(mostPerS, ratePerS);
  }

  /** When so many URLs of a big host are done, in milliseconds since 1970. */
  take(rank: number, urls: number): number {
    const fromMs = Math.max(this.#clock.now(), this.#doneAtMs.get(rank) ?? 0);
    const doneAtMs = fromMs + (urls * 1000) / this.perS(rank);
    this.#doneAtMs.set(rank, doneAtMs);
    return doneAtMs;
  }

  /** How long a few URLs of a host take that is met once: its robots.txt first, in milliseconds. */
  fewMs(rank: number, urls: number): number {
    const { ratePerS } = this.#politeness;
    const latencyMs = this.#web.latencyMs(rank);
    // A slow host is given more connections with each round of answers.
    const rounds =
      latencyMs > PATIENCE_MS
        ? Math.ceil(Math.sqrt(urls))
        : Math.ceil(urls / Math.ceil(urls / PER_CONNECTION));
    const pacedMs = ratePerS === 0 ? 0 : (urls * 1000) / ratePerS;
    return latencyMs + Math.max(rounds * latencyMs, pacedMs);
  }
}
