import { describe, expect, it } from 'vitest';
import { isReason, REASON_NAMES, REASONS, verdictOf } from '../../core/outcome.ts';

/** What the table says of each reason: again, passing, pauses its host. */
const EXPECTED = [
  ['dns-failed', 'failed', 'again', 'passing', ''],
  ['connection-failed', 'failed', 'again', 'passing', ''],
  ['connection-lost', 'failed', 'again', 'passing', ''],
  ['tls-failed', 'failed', '', 'passing', ''],
  ['timeout', 'failed', 'again', 'passing', ''],
  ['truncated', 'failed', 'again', 'passing', ''],
  ['protocol-error', 'failed', 'again', 'passing', ''],
  ['server-error', 'failed', 'again', 'passing', ''],
  ['unavailable', 'failed', 'again', 'passing', 'pauses'],
  ['rate-limited', 'failed', 'again', 'passing', 'pauses'],
  ['not-found', 'failed', '', '', ''],
  ['forbidden', 'failed', '', '', ''],
  ['client-error', 'failed', '', '', ''],
  ['unexpected-status', 'failed', '', '', ''],
  ['bad-redirect', 'failed', '', '', ''],
  ['too-many-redirects', 'failed', '', '', ''],
  ['bad-encoding', 'failed', '', '', ''],
  ['too-large', 'failed', '', '', ''],
  ['not-an-image', 'failed', '', '', ''],
  ['address-blocked', 'failed', '', '', ''],
  ['dead-lettered', 'failed', '', '', ''],
  ['crawler-fault', 'failed', '', 'passing', ''],
  ['cancelled', 'skipped', '', 'passing', ''],
  ['filtered', 'skipped', '', '', ''],
] as const;

describe('the table of reasons', () => {
  it('holds the reasons that are decided here, each once', () => {
    expect(EXPECTED.map(([reason]) => reason)).toEqual(REASON_NAMES);
  });

  it.each(EXPECTED)('decides %s', (reason, status, again, passing, pauses) => {
    const verdict = verdictOf(reason);
    expect(verdict).toMatchObject({
      status,
      again: again !== '',
      passing: passing !== '',
      pausesHost: pauses !== '',
    });
  });

  it.each(REASON_NAMES)('says what %s means, in one line', (reason) => {
    expect(REASONS[reason].about).toMatch(/^\S.{3,80}$/);
  });

  it.each(REASON_NAMES)('never tries %s again unless it may pass', (reason) => {
    const { again, passing, pausesHost } = verdictOf(reason);
    if (again) expect(passing).toBe(true);
    if (pausesHost) expect(again).toBe(true);
  });

  it('knows its own words only', () => {
    expect(isReason('timeout')).toBe(true);
    for (const text of ['', 'Timeout', 'toString', '__proto__']) expect(isReason(text)).toBe(false);
  });
});
