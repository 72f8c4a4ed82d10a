import { expect, it } from 'vitest';
import { ExpiringCache } from '../../adapters/dns/expiring-cache.ts';

it('a cache never holds more than its limit, and forgets what it finds expired', () => {
  const cache = new ExpiringCache<number>(3);
  for (let at = 0; at < 10; at += 1) cache.set(`${at}`, at, 100);
  expect(cache.size).toBe(3);
  expect([cache.get('6', 0), cache.get('7', 0), cache.get('9', 99)]).toEqual([undefined, 7, 9]);
  expect(cache.get('8', 100)).toBe(undefined);
  expect(cache.size).toBe(2);
});
