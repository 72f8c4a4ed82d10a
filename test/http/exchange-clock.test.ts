import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExchangeClock } from '../../adapters/http/exchange-clock.ts';

const LIMITS = { connectMs: 1000, firstByteMs: 3000, idleMs: 2000 };

let expired: string[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  expired = [];
});
afterEach(() => void vi.useRealTimers());

const clockOf = (timeoutMs: number) =>
  new ExchangeClock(LIMITS, timeoutMs, (detail) => void expired.push(detail));

/** How long it takes from now until the clock says that a limit has passed. */
function expiryMs(atMostMs = 60_000): number {
  const beganMs = performance.now();
  for (let ms = 0; expired.length === 0 && ms < atMostMs; ms += 1) vi.advanceTimersByTime(1);
  return performance.now() - beganMs;
}

describe('the clock of an exchange', () => {
  it('leaves a request that is not sent the time to connect and to be answered', () => {
    clockOf(60_000);
    expect(expiryMs()).toBe(4000);
    expect(expired).toEqual(['not sent after 4000 ms']);
  });

  it('counts the time to the first byte from when the request was sent', () => {
    const clock = clockOf(60_000);
    vi.advanceTimersByTime(900);
    clock.sent();
    expect(expiryMs()).toBe(3000);
    expect(expired).toEqual(['no answer after 3000 ms']);
  });

  it('counts the time between pieces from the last one', () => {
    const clock = clockOf(60_000);
    clock.sent();
    clock.answered();
    vi.advanceTimersByTime(1900);
    clock.received();
    expect(expiryMs()).toBe(2000);
    expect(expired).toEqual(['nothing came for 2000 ms']);
  });

  it('ends the whole in time, however often something comes', () => {
    const clock = clockOf(5000);
    clock.sent();
    clock.answered();
    for (let pieces = 0; pieces < 4; pieces += 1) {
      vi.advanceTimersByTime(1200);
      clock.received();
    }
    expect(expiryMs()).toBe(200);
    expect(expired).toEqual(['not over after 5000 ms']);
  });

  it('stands still while the exchange waits for us', () => {
    const clock = clockOf(500);
    vi.advanceTimersByTime(100);
    clock.pause();
    vi.advanceTimersByTime(60_000);
    clock.resume();
    expect(expired).toEqual([]);
    expect(expiryMs()).toBe(400);
  });

  it('leaves no timer behind', () => {
    clockOf(60_000).stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
