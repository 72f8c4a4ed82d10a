import { describe, expect, it } from 'vitest';
import { isReason, REASON_NAMES, REASONS, verdictOf } from '../../../core/model/outcome.ts';

/** What the table says of each reason: again, passing, what it says of the host. */
const EXPECTED = [
  ['dns-failed', 'failed', 'again', 'passing', 'suspect'],
  ['connection-failed', 'failed', 'again', 'passing', 'suspect'],
  ['connection-lost', 'failed', 'again', 'passing', 'suspect'],
  ['tls-failed', 'failed', '', 'passing', 'suspect'],
  ['timeout', 'failed', 'again', 'passing', 'suspect'],
  ['truncated', 'failed', 'again', 'passing', 'none'],
  ['protocol-error', 'failed', 'again', 'passing', 'none'],
  ['server-error', 'failed', 'again', 'passing', 'none'],
  ['unavailable', 'failed', 'again', 'passing', 'pause'],
  ['rate-limited', 'failed', 'again', 'passing', 'pause'],
  ['not-found', 'failed', '', '', 'none'],
  ['forbidden', 'failed', '', '', 'none'],
  ['client-error', 'failed', '', '', 'none'],
  ['unexpected-status', 'failed', '', '', 'none'],
  ['bad-redirect', 'failed', '', '', 'none'],
  ['too-many-redirects', 'failed', '', '', 'none'],
  ['bad-encoding', 'failed', '', '', 'none'],
  ['too-large', 'failed', '', '', 'none'],
  ['not-an-image', 'failed', '', '', 'none'],
  ['corrupt-image', 'failed', '', 'passing', 'none'],
  ['too-many-pixels', 'failed', '', '', 'none'],
  ['address-blocked', 'failed', '', '', 'none'],
  ['host-denied', 'skipped', '', '', 'none'],
  ['dead-lettered', 'failed', '', '', 'none'],
  ['crawler-fault', 'failed', '', 'passing', 'none'],
  ['robots-unreachable', 'skipped', 'again', 'passing', 'none'],
  ['robots-disallowed', 'skipped', '', '', 'none'],
  ['crawl-delay-too-long', 'skipped', '', '', 'none'],
  ['opted-out', 'skipped', '', '', 'none'],
  ['reserved', 'skipped', '', '', 'none'],
  ['payment-required', 'skipped', '', '', 'none'],
  ['not-a-page', 'skipped', '', '', 'none'],
  ['redirected', 'skipped', '', '', 'none'],
  ['canonical-elsewhere', 'skipped', '', '', 'none'],
  ['no-sitemap', 'skipped', '', '', 'none'],
  ['out-of-scope', 'skipped', '', '', 'none'],
  ['too-deep', 'skipped', '', '', 'none'],
  ['over-ceiling', 'skipped', '', '', 'none'],
  ['trap', 'skipped', '', '', 'none'],
  ['cancelled', 'skipped', '', 'passing', 'none'],
  ['filtered', 'skipped', '', '', 'none'],
] as const;

describe('the table of reasons', () => {
  it('holds the reasons that are decided here, each once', () => {
    expect(EXPECTED.map(([reason]) => reason)).toEqual(REASON_NAMES);
  });

  it.each(EXPECTED)('decides %s', (reason, status, again, passing, onHost) => {
    const verdict = verdictOf(reason);
    expect(verdict).toMatchObject({
      status,
      again: again !== '',
      passing: passing !== '',
      onHost,
    });
  });

  it.each(REASON_NAMES)('says what %s means, in one line', (reason) => {
    expect(REASONS[reason].about).toMatch(/^\S.{3,80}$/);
  });

  it.each(REASON_NAMES)('never tries %s again unless it may pass', (reason) => {
    const { again, passing, onHost } = verdictOf(reason);
    if (again) expect(passing).toBe(true);
    if (onHost === 'pause') expect(again).toBe(true);
  });

  it('knows its own words only', () => {
    expect(isReason('timeout')).toBe(true);
    for (const text of ['', 'Timeout', 'toString', '__proto__']) expect(isReason(text)).toBe(false);
  });
});
