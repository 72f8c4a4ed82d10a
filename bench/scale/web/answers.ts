import type { Clock } from '../../../core/ports/clock.ts';
import type { Fetcher, FetchOutcome } from '../../../core/ports/fetcher.ts';
import type { Inspection } from '../../../core/ports/images.ts';

/** What the web of the model answers. */
export interface Answer {
  /** After so many milliseconds. */
  readonly afterMs: number;
  readonly outcome: FetchOutcome;
}

/** Hosts that never answer, by what they do, with the limits of a first contact. */
export const DEAD = {
  silent: { afterMs: 10_000, outcome: failed('timeout') },
  unreachable: { afterMs: 5000, outcome: failed('connection-failed') },
} as const satisfies Record<string, Answer>;

/** Whether hosts of that kind never answer. */
export function isDead(kind: string): kind is keyof typeof DEAD {
  return kind in DEAD;
}

/** The web of the model: each URL has one answer. */
export function modelFetcher(clock: Clock, answerTo: (url: string) => Answer): Fetcher {
  return {
    fetch: async ({ url, onSent }) => {
      onSent?.();
      const { afterMs, outcome } = answerTo(url);
      if (afterMs > 0) await clock.sleep(afterMs);
      return outcome;
    },
  };
}

/** A picture: as many bytes as its URL has. */
export function picture(url: string, publicAddress?: string): FetchOutcome {
  const body = new TextEncoder().encode(url);
  return { kind: 'body', httpStatus: 200, headers: {}, publicAddress, body, release: () => {} };
}

export function notFound(publicAddress?: string): FetchOutcome {
  return { kind: 'no-body', httpStatus: 404, headers: {}, publicAddress };
}

/** Every body of the model is a picture. */
export function inspectModel(): Inspection {
  return { kind: 'image', facts: { format: 'jpeg', width: 640, height: 480 } };
}

function failed(reason: 'timeout' | 'connection-failed'): FetchOutcome {
  return { kind: 'failed', reason, detail: 'model' };
}
