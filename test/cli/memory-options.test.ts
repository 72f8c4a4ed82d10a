import { describe, expect, it } from 'vitest';
import { readRunSettings } from '../../cli/options/run-settings.ts';

const DAY = 86_400_000;

describe('what a run takes from earlier ones', () => {
  it.each([
    [{}, { days: 90, ask: 'stale' }],
    [{ since: '30d' }, { days: 90, ask: 'stale', maxAgeMs: 30 * DAY }],
    [{ since: '365d' }, { days: 365, ask: 'stale', maxAgeMs: 365 * DAY }],
    [{ refresh: true }, { days: 90, ask: 'all' }],
    [{ onlyNew: true }, { days: 90, ask: 'new' }],
    [{ memory: false }, undefined],
  ])('is read from %o', (typed, expected) => {
    expect(readRunSettings(typed, '1').memory).toEqual(expected);
  });

  it.each([
    [{ since: 'yesterday' }, '--since: expected a time like 30d or 12h, got "yesterday"'],
    [{ since: '30' }, '--since: expected a time like 30d or 12h, got "30"'],
    [{ since: '-1d' }, '--since: expected a time like 30d or 12h, got "-1d"'],
    [{ since: '1d', memory: false }, '--no-memory: cannot be used with --since'],
  ])('%o is refused', (typed, message) => {
    expect(() => readRunSettings(typed, '1')).toThrow(message);
  });
});
