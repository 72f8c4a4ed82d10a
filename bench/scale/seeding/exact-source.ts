import type { SeedList } from '../../../core/model/run.ts';
import type { SeedLine, SeedSource } from '../../../core/ports/seed-source.ts';
import type { VirtualClock } from '../../../test/virtual-clock.ts';
import { exactUrl } from '../web/exact-answers.ts';
import type { HostWeb } from '../web/host-web.ts';

const CHUNK = 1000;
/** A step through the list that spreads the URLs of a host over it. */
const GOLDEN = 0.6180339887;

/** The list of the model: every URL of its web once, those of a host far apart. */
export class ExactSource implements SeedSource {
  readonly #web: HostWeb;
  readonly #clock: VirtualClock;
  readonly #urlsPerS: number;

  constructor(web: HostWeb, clock: VirtualClock, urlsPerS: number) {
    this.#web = web;
    this.#clock = clock;
    this.#urlsPerS = urlsPerS;
  }

  async *read(
    _list: SeedList,
    after: { readonly line: number },
  ): AsyncGenerator<readonly SeedLine[]> {
    const { urls } = this.#web.options;
    const step = coprime(Math.floor(urls * GOLDEN) || 1, urls);
    for (let at = after.line; at < urls; at += CHUNK) {
      const lines = Math.min(CHUNK, urls - at);
      await this.#clock.sleep((lines * 1000) / this.#urlsPerS);
      yield Array.from({ length: lines }, (_, offset) => this.#line(at + offset, step, urls));
    }
  }

  #line(at: number, step: number, urls: number): SeedLine {
    const number = (at * step) % urls;
    const text = exactUrl(this.#web.rankOf(number), number);
    return { line: at + 1, text, endByte: at + 1 };
  }
}

/** The next number from `from` on that shares no factor with `of`. */
function coprime(from: number, of: number): number {
  for (let number = from; ; number += 1) if (gcd(number, of) === 1) return number;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
