import { hostOf } from '../../../core/model/canonical-url.ts';
import type { Fetcher, FetchOutcome, FetchRequest } from '../../../core/ports/fetcher.ts';
import type { VirtualClock } from '../../../test/virtual-clock.ts';
import { notFound, picture, SILENT, UNREACHABLE } from './answers.ts';
import { chance } from './chance.ts';
import { type HostWeb, SILENT_MS, UNREACHABLE_MS } from './host-web.ts';
import type { Processor } from './processor.ts';

/** Of ten URLs one is gone, as in `bench/real-list.ts`. */
const GONE = 0.1;
const GONE_SEED = 11;

/** The name of the host of a rank. */
export function hostName(rank: number): string {
  return `h${rank}.example`;
}

/** A URL of a host, by its number in the list. */
export function exactUrl(rank: number, number: number): string {
  return `https://${hostName(rank)}/${number}.jpg`;
}

/** The web of the model, asked for each URL. */
export class ExactFetcher implements Fetcher {
  readonly #web: HostWeb;
  readonly #clock: VirtualClock;
  readonly #processor: Processor;

  constructor(web: HostWeb, clock: VirtualClock, processor: Processor) {
    this.#web = web;
    this.#clock = clock;
    this.#processor = processor;
  }

  async fetch({ url, onSent }: FetchRequest): Promise<FetchOutcome> {
    onSent?.();
    const host = hostOf(url);
    const rank = Number(host.slice(1, -'.example'.length));
    const kind = this.#web.kind(rank);
    if (kind === 'silent') return this.#after(SILENT_MS, SILENT);
    if (kind === 'unreachable') return this.#after(UNREACHABLE_MS, UNREACHABLE);
    const freeAtMs = this.#processor.take(1);
    const latencyMs = this.#web.latencyMs(rank);
    return this.#after(Math.max(latencyMs, freeAtMs - this.#clock.now()), answerTo(url, host));
  }

  async #after(ms: number, outcome: FetchOutcome): Promise<FetchOutcome> {
    await this.#clock.sleep(ms);
    return outcome;
  }
}

function answerTo(url: string, host: string): FetchOutcome {
  if (url.endsWith('/robots.txt')) return notFound(host);
  const number = Number.parseInt(url.slice(url.lastIndexOf('/') + 1), 10);
  return chance(number, GONE_SEED) < GONE ? notFound(host) : picture(url, host);
}
