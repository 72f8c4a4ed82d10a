import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstSuccess } from '../../adapters/dns/first-success.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<string>(() => {});
const fails = (told: string) => () => Promise.reject(new Error(told));

describe('the first success', () => {
  it('begins the next attempt after the delay, or at once after a failure', async () => {
    const begun: string[] = [];
    const noted = (name: string, attempt: () => Promise<string>) => () => {
      begun.push(name);
      return attempt();
    };
    const attempts = [
      noted('silent', never),
      noted('failing', fails('refused')),
      noted('silent too', never),
      noted('good', async () => 'answer'),
      noted('not needed', never),
    ];
    const result = firstSuccess(attempts, 1000);
    await vi.advanceTimersByTimeAsync(999);
    expect(begun).toEqual(['silent']);
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toEqual(['silent', 'failing', 'silent too']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await result).toBe('answer');
    await vi.advanceTimersByTimeAsync(5000);
    expect(begun).toEqual(['silent', 'failing', 'silent too', 'good']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('still takes the answer of an attempt that was given a rival', async () => {
    const late = () => new Promise<string>((found) => void setTimeout(() => found('late'), 1500));
    const result = firstSuccess([late, never], 1000);
    await vi.advanceTimersByTimeAsync(1500);
    expect(await result).toBe('late');
  });

  it('fails as the first attempt that failed, once all have', async () => {
    const result = firstSuccess([fails('first'), fails('second')], 1000);
    await expect(result).rejects.toThrow('first');
    expect(vi.getTimerCount()).toBe(0);
  });
});
