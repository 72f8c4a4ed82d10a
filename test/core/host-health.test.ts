import { describe, expect, it } from 'vitest';
import { MAX_BACK_OFF_MS } from '../../core/back-off.ts';
import { HostHealth } from '../../core/host-health.ts';

const NOW = 1_000_000;
const HALF = 0.5;

/** A host that failed for this reason so often in a row, each time after its pause was over. */
function failing(reason: 'unavailable' | 'timeout' | 'not-found', times: number) {
  const health = new HostHealth();
  let nowMs = NOW;
  for (let at = 0; at < times; at += 1) {
    nowMs = Math.max(nowMs, health.mood.pausedUntilMs);
    health.bad(reason, nowMs, HALF);
  }
  return { health, nowMs };
}

describe('a host that asks for quiet', () => {
  it('gets as much as it asks for', () => {
    const health = new HostHealth();
    health.bad('rate-limited', NOW, HALF, 60_000);
    expect(health.mood).toEqual({ pausedUntilMs: NOW + 60_000, pauses: 1, reason: 'rate-limited' });
  });

  it.each([1, 2, 3, 4, 5])(
    'gets twice as much at time %i as before, where it names none',
    (times) => {
      const { health, nowMs } = failing('unavailable', times);
      expect(health.mood.pausedUntilMs - nowMs).toBe(500 * 2 ** times);
    },
  );

  it('counts what was under way as the same pause, and takes the longest', () => {
    const health = new HostHealth();
    health.bad('unavailable', NOW, HALF);
    health.bad('unavailable', NOW + 1, HALF, 9000);
    health.bad('unavailable', NOW + 2, HALF, 10);
    expect(health.mood).toEqual({ pausedUntilMs: NOW + 9001, pauses: 1, reason: 'unavailable' });
  });

  it('keeps its quiet when what was under way as it asked for it is answered well', () => {
    const health = new HostHealth();
    health.bad('rate-limited', NOW, HALF, 60_000);
    health.good(NOW + 59_999);
    expect(health.mood).toMatchObject({ pausedUntilMs: NOW + 60_000, pauses: 1 });
    health.good(NOW + 60_000);
    expect(health.mood).toMatchObject({ pausedUntilMs: 0, pauses: 0 });
  });

  it('is not asked in this run when it wants more than a run waits', () => {
    const health = new HostHealth();
    health.bad('unavailable', NOW, HALF, MAX_BACK_OFF_MS + 1);
    expect(health.isHopeless(NOW)).toBe(true);
    expect(health.isHopeless(NOW + MAX_BACK_OFF_MS + 1)).toBe(false);
  });
});

describe('the circuit breaker', () => {
  it.each([
    [4, 0],
    [5, 1],
  ])('after %i exchanges in a row without an answer: %i pauses', (times, pauses) => {
    expect(failing('timeout', times).health.mood.pauses).toBe(pauses);
  });

  it('begins anew after a good answer', () => {
    const { health } = failing('timeout', 4);
    health.good(NOW);
    health.bad('timeout', NOW, HALF);
    expect(health.mood.pauses).toBe(0);
  });

  it('lets one request through at a time after a pause, until one is answered well', () => {
    const { health } = failing('timeout', 5);
    expect(health.isOnTrial).toBe(true);
    health.good(health.mood.pausedUntilMs);
    expect(health.isOnTrial).toBe(false);
  });

  it('pauses again at the first silence after a pause', () => {
    expect(failing('timeout', 6).health.mood.pauses).toBe(2);
  });

  it.each([
    [5, false],
    [6, true],
  ])('after %i pauses in a row: hopeless is %s', (pauses, hopeless) => {
    const { health, nowMs } = failing('unavailable', pauses);
    expect(health.isHopeless(nowMs)).toBe(hopeless);
  });

  it('is not moved by an answer that concerns one URL', () => {
    expect(failing('not-found', 50).health.mood.pauses).toBe(0);
  });
});

describe('what another worker met', () => {
  const met = { pausedUntilMs: NOW + 5000, pauses: 3, reason: 'unavailable' } as const;

  it('is taken over where its pause is the later one', () => {
    const health = new HostHealth();
    health.learn(met);
    expect(health.mood).toEqual(met);
    health.learn({ ...met, pausedUntilMs: NOW, pauses: 1 });
    expect(health.mood).toEqual(met);
  });
});
