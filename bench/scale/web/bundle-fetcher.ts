import type { Fetcher, FetchOutcome, FetchRequest } from '../../../core/ports/fetcher.ts';
import type { VirtualClock } from '../../../test/virtual-clock.ts';
import { notFound, picture, SILENT, UNREACHABLE } from './answers.ts';
import { parseBundle } from './bundle.ts';
import { SILENT_MS, UNREACHABLE_MS } from './host-web.ts';
import type { Pacer } from './pacer.ts';
import type { Processor } from './processor.ts';

/** The web of the model, asked for a bundle of URLs at once. */
export class BundleFetcher implements Fetcher {
  readonly #clock: VirtualClock;
  readonly #processor: Processor;
  readonly #pacer: Pacer;

  constructor(clock: VirtualClock, processor: Processor, pacer: Pacer) {
    this.#clock = clock;
    this.#processor = processor;
    this.#pacer = pacer;
  }

  async fetch({ url, onSent }: FetchRequest): Promise<FetchOutcome> {
    onSent?.();
    const { kind, urls, tookMs, rank = 0 } = parseBundle(url);
    if (kind === 'silent') return this.#after(SILENT_MS, SILENT);
    if (kind === 'unreachable') return this.#after(UNREACHABLE_MS, UNREACHABLE);
    if (kind === 'known') return notFound();
    const now = this.#clock.now();
    const readyMs = kind === 'big' ? this.#pacer.take(rank, urls) : now + tookMs;
    return this.#after(Math.max(readyMs, this.#processor.take(urls)) - now, picture(url));
  }

  async #after(ms: number, outcome: FetchOutcome): Promise<FetchOutcome> {
    await this.#clock.sleep(ms);
    return outcome;
  }
}
