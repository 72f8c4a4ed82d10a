import type { Clock } from '../../../core/ports/clock.ts';
import { type Answer, DEAD, isDead, notFound, picture } from './answers.ts';
import { parseBundle } from './bundle.ts';
import type { Pacer } from './pacer.ts';
import type { Processor } from './processor.ts';

/** What the web answers that is asked for a bundle of URLs at once. */
export function bundleAnswers(
  clock: Clock,
  processor: Processor,
  pacer: Pacer,
): (url: string) => Answer {
  return (url) => {
    const { kind, urls, tookMs, rank = 0 } = parseBundle(url);
    if (isDead(kind)) return DEAD[kind];
    if (kind === 'known') return { afterMs: 0, outcome: notFound() };
    const now = clock.now();
    const readyMs = kind === 'big' ? pacer.take(rank, urls) : now + tookMs;
    const afterMs = Math.max(readyMs, processor.take(urls)) - now;
    return { afterMs, outcome: picture(url) };
  };
}
