import { hostOf } from '../../../core/model/canonical-url.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { FetchOutcome } from '../../../core/ports/fetcher.ts';
import { type Answer, DEAD, isDead, notFound, picture } from './answers.ts';
import { chance } from './chance.ts';
import type { HostWeb } from './host-web.ts';
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

/** What the web answers that is asked for each URL. */
export function exactAnswers(
  clock: Clock,
  processor: Processor,
  web: HostWeb,
): (url: string) => Answer {
  return (url) => {
    const host = hostOf(url);
    const rank = Number(host.slice(1, -'.example'.length));
    const kind = web.kind(rank);
    if (isDead(kind)) return DEAD[kind];
    const processedMs = processor.take(1) - clock.now();
    const afterMs = Math.max(web.latencyMs(rank), processedMs);
    return { afterMs, outcome: outcomeOf(url, host) };
  };
}

function outcomeOf(url: string, host: string): FetchOutcome {
  if (url.endsWith('/robots.txt')) return notFound(host);
  const number = Number.parseInt(url.slice(url.lastIndexOf('/') + 1), 10);
  return chance(number, GONE_SEED) < GONE ? notFound(host) : picture(url, host);
}
