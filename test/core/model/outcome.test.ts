import { describe, expect, it } from 'vitest';
import { isReason, REASON_NAMES, REASONS, verdictOf } from '../../../core/model/outcome.ts';

describe('the table of reasons', () => {
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
