import { describe, expect, it } from 'vitest';
import { freshForMs } from '../../../core/memory/freshness.ts';
import type { Headers } from '../../../core/ports/fetcher.ts';

const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT';
const LATER = 'Thu, 01 Jan 2026 00:01:00 GMT';
const YEAR_MS = 365 * 24 * 3600 * 1000;

const CASES: readonly (readonly [string, Headers, number | undefined])[] = [
  ['nothing', {}, undefined],
  ['Last-Modified alone', { 'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT' }, undefined],
  ['max-age', { 'cache-control': 'public, max-age=60' }, 60_000],
  ['a quoted max-age', { 'cache-control': 'max-age="60"' }, 60_000],
  ['other letters', { 'cache-control': 'Max-Age=60' }, 60_000],
  ['a max-age for shared caches', { 'cache-control': 's-maxage=60' }, undefined],
  ['two that differ', { 'cache-control': 'max-age=60, max-age=10' }, 10_000],
  ['a max-age that is no number', { 'cache-control': 'max-age=soon' }, 0],
  ['a longer one than a year', { 'cache-control': 'max-age=999999999' }, YEAR_MS],
  ['the age in a cache', { 'cache-control': 'max-age=60', age: '20' }, 40_000],
  ['an age beyond', { 'cache-control': 'max-age=60', age: '90' }, 0],
  ['no-cache', { 'cache-control': 'max-age=60, no-cache' }, 0],
  ['no-cache for a field', { 'cache-control': 'no-cache="set-cookie", max-age=60' }, 0],
  ['no-store', { 'cache-control': 'no-store', expires: LATER, date: DATE }, 0],
  ['Expires', { expires: LATER, date: DATE }, 60_000],
  ['Expires behind max-age', { 'cache-control': 'max-age=5', expires: LATER, date: DATE }, 5000],
  ['Expires in the past', { expires: DATE, date: LATER }, 0],
  ['Expires that is no date', { expires: '0', date: DATE }, 0],
  ['Expires without Date', { expires: LATER }, 0],
  ['Vary: *', { 'cache-control': 'max-age=60', vary: 'accept, *' }, 0],
  ['another Vary', { 'cache-control': 'max-age=60', vary: 'accept' }, 60_000],
];

describe('how long an answer is fresh', () => {
  it.each(CASES)('%s', (_, headers, expected) => {
    expect(freshForMs(headers)).toBe(expected);
  });
});
