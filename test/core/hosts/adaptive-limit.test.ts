import { describe, expect, it } from 'vitest';
import { AdaptiveLimit } from '../../../core/hosts/adaptive-limit.ts';

/** A limit after so many answers, each of which took so long; one comes every 100 ms. */
function answered(limit: AdaptiveLimit, answers: number, tookMs: number, startMs = 0): number {
  for (let n = 0; n < answers; n += 1) limit.recordAnswer(tookMs, startMs + n * 100);
  return limit.connections;
}

describe('the adaptive limit of a host', () => {
  it('begins with few connections', () => {
    expect(new AdaptiveLimit().connections).toBe(2);
  });

  it('grows by one for each round of good answers', () => {
    const limit = new AdaptiveLimit();
    const grown = [2, 3, 4, 5].map((round) => answered(limit, round, 20));
    expect(grown).toEqual([2, 3, 4, 5]);
  });

  it('halves when the host asks for quiet, and keeps one', () => {
    const limit = new AdaptiveLimit();
    answered(limit, 40, 20);
    const before = limit.connections;
    limit.recordTrouble(0);
    expect(limit.connections).toBe(Math.floor(before / 2));
    for (let n = 0; n < 10; n += 1) limit.recordTrouble(n);
    expect(limit.connections).toBe(1);
    expect(answered(limit, 3, 20)).toBe(2);
  });

  it('falls while the host is slower than it was, by half once a second at most', () => {
    const limit = new AdaptiveLimit();
    const before = answered(limit, 60, 50);
    const slow = answered(limit, 14, 2000, 10_000);
    expect(slow).toBeLessThanOrEqual(before / 2);
    expect(slow).toBeGreaterThanOrEqual(Math.floor(before / 4));
    expect(answered(limit, 100, 2000, 20_000)).toBe(1);
  });

  it('grows again when the host is fast again', () => {
    const limit = new AdaptiveLimit();
    answered(limit, 60, 50);
    answered(limit, 100, 2000, 10_000);
    expect(answered(limit, 100, 50, 60_000)).toBeGreaterThan(4);
  });

  it.each([
    ['one slow answer among fast ones', [...Array(30).fill(50), 3000, ...Array(30).fill(50)]],
    ['a host that is always slow', Array(60).fill(4000)],
    ['times that scatter', Array.from({ length: 60 }, (_, n) => 50 + (n % 7) * 30)],
  ])('is not lowered by %s', (_, times) => {
    const limit = new AdaptiveLimit();
    let lowest = 64;
    times.forEach((tookMs: number, at: number) => {
      limit.recordAnswer(tookMs, at * 100);
      if (at > 20) lowest = Math.min(lowest, limit.connections);
    });
    expect(lowest).toBeGreaterThanOrEqual(5);
  });

  it('ends at the most that a run can ask for', () => {
    expect(answered(new AdaptiveLimit(), 100_000, 5)).toBe(64);
  });

  it('takes it as a new normal when a host stays slower', () => {
    const limit = new AdaptiveLimit();
    answered(limit, 60, 50);
    answered(limit, 50, 1000, 10_000);
    expect(answered(limit, 3000, 1000, 20_000)).toBeGreaterThan(4);
  });
});
