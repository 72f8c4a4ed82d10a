import { describe, expect, test } from 'vitest';
import { hostStateOf } from '../../../cli/watch/host-state.ts';
import { emptySums, type HostSums } from '../../../contract/settled-sums.ts';
import type { HostRecord } from '../../../core/model/host-record.ts';
import { aHostRecord } from '../../core/host-records.ts';

const RUN = 'a-run';
const NOW = 1_000_000;

function state(sums: Partial<HostSums>, record?: Partial<HostRecord>) {
  const whole = record && aHostRecord(record);
  return hostStateOf({ ...emptySums('a.example'), ...sums }, whole, RUN, NOW);
}

const UNREACHABLE = { answer: { kind: 'unreachable' }, answeredAtMs: 0, askAgainAtMs: 0 } as const;

describe('the state of a host', () => {
  test.each<[string, Partial<HostSums>, Partial<HostRecord> | undefined, string, string]>([
    ['a host of which little is known', { succeeded: 2 }, undefined, 'ok', 'ok'],
    [
      'a pause that lasts',
      { succeeded: 9 },
      { pausedUntilMs: NOW + 12_000, pauses: 1, reason: 'rate-limited' },
      'paused',
      'paused for 12 s: rate-limited',
    ],
    ['a pause that is over', {}, { pausedUntilMs: NOW, reason: 'rate-limited' }, 'ok', 'ok'],
    [
      'contacts that failed in this run',
      {},
      { reason: 'timeout', detail: 'after 5 s', failedContacts: { [`${RUN} 0`]: 2 } },
      'dead',
      'does not answer: timeout, after 5 s (2 failed contacts)',
    ],
    ['contacts that failed in another run', {}, { failedContacts: { 'b-run 0': 3 } }, 'ok', 'ok'],
    [
      'a robots.txt that is not to be had',
      {},
      { robots: { 'https bot': UNREACHABLE } },
      'robots',
      'robots.txt is unreachable: nothing allowed',
    ],
    [
      'URLs that its robots.txt forbids',
      { refused: 3, skipped: 3, succeeded: 40 },
      undefined,
      'robots',
      'robots.txt or opt-out: 3 URLs left out',
    ],
    [
      'answers that take long',
      { succeeded: 3, asked: 3, askedMs: 7500 },
      undefined,
      'slow',
      'slow: 2.5 s for each URL',
    ],
    [
      'failures in number',
      { succeeded: 1, failed: 2, asked: 3, askedMs: 9000 },
      undefined,
      'failing',
      'more failures than successes',
    ],
    ['one slow answer', { succeeded: 1, asked: 1, askedMs: 9000 }, undefined, 'ok', 'ok'],
  ])('tells of %s', (_, sums, record, tone, text) => {
    expect(state(sums, record)).toEqual({ tone, state: text });
  });

  test('shows what a host said of itself without what cannot be seen', () => {
    const record = {
      pausedUntilMs: NOW + 1000,
      reason: 'unavailable',
      detail: '\u202e<b>',
    } as const;
    expect(state({}, record).state).toBe('paused for 1.0 s: unavailable, \\u{202e}<b>');
  });
});
