import { describe, expect, it } from 'vitest';
import type { RobotsAnswer, RobotsCopy } from '../../../core/model/robots-rules.ts';
import type { FetchOutcome } from '../../../core/ports/fetcher.ts';
import {
  MAX_ROBOTS_REDIRECTS,
  ROBOTS_FRESH_MS,
  ROBOTS_RETRY_MS,
  ROBOTS_STALE_MS,
  renewedCopy,
  robotsAccessOf,
} from '../../../core/robots/robots-copy.ts';

const NOW_MS = Date.UTC(2026, 0, 31);

const STATUSES = [
  ['readable', [200, 203, 204, 206]],
  ['redirected', [301, 302, 303, 307, 308]],
  ['unavailable', [300, 304, 305, 400, 401, 403, 404, 405, 410, 418, 451, 499]],
  ['unreachable', [429, 500, 501, 502, 503, 504, 520, 599, 600, 999, 101]],
] as const;

describe('an answer to the request for robots.txt', () => {
  it.each(STATUSES)('is %s with %j', (expected, statuses) => {
    const meanings = statuses.map((httpStatus) => {
      return robotsAccessOf({ kind: 'no-body', httpStatus, headers: {} });
    });
    expect(new Set(meanings)).toEqual(new Set([expected]));
  });

  it.each([
    [403, '30', 'unreachable'],
    [430, '30', 'unreachable'],
    [403, 'soon', 'unavailable'],
    [404, '30', 'unavailable'],
  ])('is a limit of pace by its time: %i, Retry-After: %s', (httpStatus, time, expected) => {
    const headers = { 'retry-after': time };
    expect(robotsAccessOf({ kind: 'no-body', httpStatus, headers })).toBe(expected);
  });

  it.each([
    [0, 'redirected'],
    [MAX_ROBOTS_REDIRECTS - 1, 'redirected'],
    [MAX_ROBOTS_REDIRECTS, 'unavailable'],
  ])('is a redirect after %i others: %s', (redirects, expected) => {
    const outcome: FetchOutcome = { kind: 'no-body', httpStatus: 301, headers: {} };
    expect(robotsAccessOf(outcome, redirects)).toBe(expected);
  });

  it.each<[string, FetchOutcome, string]>([
    [
      'a body',
      { kind: 'body', httpStatus: 200, headers: {}, body: new Uint8Array(), release: () => {} },
      'readable',
    ],
    ['no connection', { kind: 'failed', reason: 'connection-failed', detail: '' }, 'unreachable'],
    ['no name', { kind: 'failed', reason: 'dns-failed', detail: '' }, 'unreachable'],
    [
      'half a body',
      { kind: 'failed', reason: 'truncated', detail: '', httpStatus: 200 },
      'unreachable',
    ],
  ])('%s', (_, outcome, expected) => {
    expect(robotsAccessOf(outcome)).toBe(expected);
  });
});

const RULES: RobotsAnswer = {
  kind: 'rules',
  rules: { allow: [], disallow: [['/a', 2]], sitemaps: [] },
};
const OTHER_RULES: RobotsAnswer = {
  kind: 'rules',
  rules: { allow: [], disallow: [], sitemaps: [] },
};
const NONE: RobotsAnswer = { kind: 'unavailable' };
const UNKNOWN: RobotsAnswer = { kind: 'unreachable' };

/** What was answered, how long ago, what is answered now, what holds, and for how long. */
const RENEWALS: readonly (readonly [
  string,
  RobotsAnswer | undefined,
  number,
  RobotsAnswer,
  RobotsAnswer,
  number,
])[] = [
  ['rules', undefined, 0, RULES, RULES, ROBOTS_FRESH_MS],
  ['none', undefined, 0, NONE, NONE, ROBOTS_FRESH_MS],
  ['unreachable from the first', undefined, 0, UNKNOWN, UNKNOWN, ROBOTS_RETRY_MS],
  ['other rules', RULES, ROBOTS_FRESH_MS, OTHER_RULES, OTHER_RULES, ROBOTS_FRESH_MS],
  ['rules taken away', RULES, ROBOTS_FRESH_MS, NONE, NONE, ROBOTS_FRESH_MS],
  ['rules, then unreachable', RULES, ROBOTS_FRESH_MS, UNKNOWN, RULES, ROBOTS_RETRY_MS],
  ['unreachable for weeks', RULES, ROBOTS_STALE_MS - 1, UNKNOWN, RULES, ROBOTS_RETRY_MS],
  ['unreachable for a month', RULES, ROBOTS_STALE_MS, UNKNOWN, UNKNOWN, ROBOTS_RETRY_MS],
  ['none, then unreachable', NONE, ROBOTS_FRESH_MS, UNKNOWN, UNKNOWN, ROBOTS_RETRY_MS],
  ['unreachable again', UNKNOWN, ROBOTS_RETRY_MS, UNKNOWN, UNKNOWN, ROBOTS_RETRY_MS],
  ['reachable again', UNKNOWN, ROBOTS_RETRY_MS, RULES, RULES, ROBOTS_FRESH_MS],
];

describe('the copy that is kept', () => {
  it.each(RENEWALS)('%s', (_, before, agoMs, answer, expected, heldMs) => {
    const previous = before && copyOf(before, NOW_MS - agoMs);
    const copy = renewedCopy(previous, answer, NOW_MS);
    expect(copy.answer).toEqual(expected);
    expect(copy.askAgainAtMs).toBe(NOW_MS + heldMs);
  });

  it('stays as old as its rules are, however often the host is asked in vain', () => {
    const read = renewedCopy(undefined, RULES, NOW_MS);
    const once = renewedCopy(read, UNKNOWN, NOW_MS + ROBOTS_FRESH_MS);
    const twice = renewedCopy(once, UNKNOWN, once.askAgainAtMs);
    expect(twice.answeredAtMs).toBe(NOW_MS);
    expect(renewedCopy(twice, UNKNOWN, NOW_MS + ROBOTS_STALE_MS).answer).toEqual(UNKNOWN);
  });
});

function copyOf(answer: RobotsAnswer, answeredAtMs: number): RobotsCopy {
  return { answer, answeredAtMs, askAgainAtMs: answeredAtMs + ROBOTS_FRESH_MS };
}
