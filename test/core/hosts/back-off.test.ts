import { describe, expect, it } from 'vitest';
import { backOffMs, MAX_BACK_OFF_MS } from '../../../core/hosts/back-off.ts';
import { parseRetryAfter } from '../../../core/model/retry-after.ts';

const ALMOST_ONE = 1 - Number.EPSILON;

describe('back-off', () => {
  it.each([
    ['before any try', 0, 2000],
    ['after the first try', 1, 2000],
    ['after the second', 2, 4000],
    ['after the fifth', 5, 32_000],
    ['after many, under the cap', 40, MAX_BACK_OFF_MS],
    ['after more than a number holds', 2000, MAX_BACK_OFF_MS],
  ])('%s, with jitter from nothing to all of it', (_, tries, mostMs) => {
    expect(backOffMs(tries, 0)).toBe(0);
    expect(backOffMs(tries, 0.5)).toBe(mostMs / 2);
    expect(backOffMs(tries, ALMOST_ONE)).toBeCloseTo(mostMs);
  });

  it.each([
    ['longer than ours', 60_000, 60_000],
    ['shorter than ours', 10, 1000],
    ['longer than the cap', 24 * 3600 * 1000, MAX_BACK_OFF_MS],
  ])('takes a host at its word: %s', (_, retryAfterMs, expected) => {
    expect(backOffMs(1, 0.5, retryAfterMs)).toBe(expected);
  });
});

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 0, 1, 12);

  it.each([
    ['seconds', '120', 120_000],
    ['no wait', '0', 0],
    ['space around it', ' 5 ', 5000],
    ['a date', 'Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['a date of RFC 850', 'Thursday, 01-Jan-26 12:00:30 GMT', 30_000],
    ['a date that is past', 'Thu, 01 Jan 2026 11:00:00 GMT', 0],
    ['nothing', undefined, undefined],
    ['an empty value', '', undefined],
    ['a word', 'soon', undefined],
    ['half a second', '0.5', 500],
    ['seconds with a fraction', '1.25', 1250],
    ['less than nothing', '-1', undefined],
    ['two numbers', '5, 5', undefined],
    ['a year', '2030', 2_030_000],
    ['a date of numbers', '2026-01-01', undefined],
    ['more digits than time has', '99999999999999', undefined],
  ])('%s', (_, value, expected) => {
    expect(parseRetryAfter(value, nowMs)).toBe(expected);
  });
});
