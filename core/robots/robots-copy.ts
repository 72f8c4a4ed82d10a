import { reasonOfAnswer } from '../model/http-status.ts';
import type { RobotsAnswer, RobotsCopy } from '../model/robots-rules.ts';
import type { FetchOutcome } from '../ports/fetcher.ts';

/**
 * What one answer to a request for robots.txt means (RFC 9309, section 2.3.1): rules to read, a
 * redirect to follow, no rules at all, or rules that are not known at present.
 */
export type RobotsAccess = 'readable' | 'redirected' | 'unavailable' | 'unreachable';

/** Redirects that are followed; where there are more, the file is unavailable (section 2.3.1.2). */
export const MAX_ROBOTS_REDIRECTS = 5;

/** A copy is asked for again after this time (section 2.4), in milliseconds. */
export const ROBOTS_FRESH_MS = 24 * 60 * 60 * 1000;

/** An unreachable file is asked for again after this time, in milliseconds: a crawl waits for it. */
export const ROBOTS_RETRY_MS = 10 * 60 * 1000;

/** Rules once read hold while the file is unreachable, but not longer than this, in milliseconds. */
export const ROBOTS_STALE_MS = 30 * 24 * 60 * 60 * 1000;

const FOLLOWED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The meaning of one exchange, after so many redirects; a redirect to nowhere is `unavailable`. */
export function robotsAccessOf(outcome: FetchOutcome, redirects = 0): RobotsAccess {
  if (outcome.kind === 'failed') return 'unreachable';
  // A 4xx, but it tells of our pace and not of the file: a host that asks for less gets no more.
  if (reasonOfAnswer(outcome.httpStatus, outcome.headers) === 'rate-limited') return 'unreachable';
  const access = accessOfStatus(outcome.httpStatus);
  return access === 'redirected' && redirects >= MAX_ROBOTS_REDIRECTS ? 'unavailable' : access;
}

function accessOfStatus(httpStatus: number): RobotsAccess {
  if (httpStatus >= 200 && httpStatus < 300) return 'readable';
  if (FOLLOWED.has(httpStatus)) return 'redirected';
  return httpStatus >= 300 && httpStatus < 500 ? 'unavailable' : 'unreachable';
}

/**
 * The copy to keep after an answer. While the file is unreachable the rules once read still hold
 * (section 2.4); that there were none does not, for then nobody was ever told what the host wants.
 */
export function renewedCopy(
  previous: RobotsCopy | undefined,
  answer: RobotsAnswer,
  nowMs: number,
): RobotsCopy {
  if (answer.kind !== 'unreachable') {
    return { answer, answeredAtMs: nowMs, askAgainAtMs: nowMs + ROBOTS_FRESH_MS };
  }
  const askAgainAtMs = nowMs + ROBOTS_RETRY_MS;
  const holds =
    previous?.answer.kind === 'rules' && nowMs - previous.answeredAtMs < ROBOTS_STALE_MS;
  return holds ? { ...previous, askAgainAtMs } : { answer, answeredAtMs: nowMs, askAgainAtMs };
}
