import { describe, expect, it } from 'vitest';
import { conditionsOf, isAboutVersion, validatorsOf } from '../../../core/memory/validators.ts';
import type { Headers } from '../../../core/ports/fetcher.ts';

const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT';
const OLD = 'Wed, 31 Dec 2025 00:00:00 GMT';

const KEPT: readonly (readonly [string, Headers, object])[] = [
  ['a strong tag', { etag: '"a"' }, { etag: '"a"' }],
  ['a weak tag', { etag: 'W/"a"' }, { etag: 'W/"a"' }],
  ['a tag without quotes', { etag: 'a' }, {}],
  ['a tag with a line break', { etag: '"a\r\nx: y"' }, {}],
  ['a tag that is too long', { etag: `"${'a'.repeat(201)}"` }, {}],
  ['a date', { 'last-modified': OLD, date: DATE }, { lastModified: OLD }],
  ['a date of this very second', { 'last-modified': DATE, date: DATE }, {}],
  ['a date in the future', { 'last-modified': DATE, date: OLD }, {}],
  ['a date without another to compare', { 'last-modified': OLD }, {}],
  ['no date', { 'last-modified': 'yesterday', date: DATE }, {}],
];

describe('validators', () => {
  it.each(KEPT)('%s', (_, headers, expected) => {
    expect(validatorsOf(headers)).toEqual(expected);
  });

  it('ask with both where both are known', () => {
    expect(conditionsOf({ etag: '"a"', lastModified: OLD })).toEqual({
      'if-none-match': '"a"',
      'if-modified-since': OLD,
    });
    expect(conditionsOf({})).toBeUndefined();
  });

  it.each([
    [{}, '"a"', true],
    [{ etag: '"a"' }, undefined, true],
    [{ etag: '"a"' }, '"a"', true],
    [{ etag: 'W/"a"' }, '"a"', true],
    [{ etag: '"b"' }, '"a"', false],
  ])('a 304 with %o stands for %s: %s', (headers, etag, expected) => {
    expect(isAboutVersion(headers, { etag })).toBe(expected);
  });
});
