import { describe, expect, it } from 'vitest';
import {
  NameLookupError,
  nameLookupError,
  type ResolvedAddress,
  type ResolveName,
} from '../../adapters/dns/resolve-name.ts';
import { NameLookups } from '../../adapters/http/name-lookups.ts';

const FOUND: readonly ResolvedAddress[] = [{ address: '198.51.101.1', family: 4 }];

/** Look-ups over a resolver that answers at once, with a clock and the names that it was asked for. */
function countedLookups(
  resolve: ResolveName,
  limits: ConstructorParameters<typeof NameLookups>[1] = {},
) {
  const clock = { nowMs: 0 };
  const asked: string[] = [];
  const counted: ResolveName = (name) => {
    asked.push(name);
    return resolve(name);
  };
  return { clock, asked, lookups: new NameLookups(counted, limits, () => clock.nowMs) };
}

const foundFor = (...ttls: (number | undefined)[]): ResolveName => {
  const addresses = ttls.map((ttlMs, at) => ({ address: `198.51.101.${at}`, family: 4, ttlMs }));
  return async () => addresses;
};
const failsWith = (error: Error): ResolveName => {
  return () => Promise.reject(error);
};

describe('look-ups', () => {
  it('are one for callers that come together', async () => {
    let answer: (found: readonly ResolvedAddress[]) => void = () => {};
    const { asked, lookups } = countedLookups(() => new Promise((found) => (answer = found)));
    const callers = Array.from({ length: 6 }, () => lookups.lookUp('a.test'));
    answer(FOUND);
    expect(await Promise.all(callers)).toEqual(Array(6).fill(FOUND));
    expect(asked).toEqual(['a.test']);
  });

  it.each([
    ['the least TTL', foundFor(300_000, 60_000), 60_000],
    ['ten seconds when the TTL is shorter', foundFor(0, 300_000), 10_000],
    ['ten minutes when the TTL is longer', foundFor(86_400_000), 600_000],
    ['ten seconds without a TTL', foundFor(undefined), 10_000],
    ['the TTL where one address has none', foundFor(undefined, 60_000), 60_000],
  ])('are kept for %s', async (_, resolve, keptMs) => {
    const { clock, asked, lookups } = countedLookups(resolve);
    const found = await lookups.lookUp('a.test');
    clock.nowMs = keptMs - 1;
    expect(await lookups.lookUp('a.test')).toEqual(found);
    expect(asked.length).toBe(1);
    clock.nowMs = keptMs;
    expect(await lookups.lookUp('a.test')).toEqual(found);
    expect(asked.length).toBe(2);
  });

  it.each([
    ['30 s when the name does not exist', nameLookupError('a.test', 'ENOTFOUND'), 30_000],
    ['30 s when the name has no address', nameLookupError('a.test', 'ENODATA'), 30_000],
    ['30 s when the name is not valid', nameLookupError('a.test', 'EBADNAME'), 30_000],
    ['1 s when a server failed', nameLookupError('a.test', 'ESERVFAIL'), 1000],
    ['1 s when the time was over', nameLookupError('a.test', 'ETIMEOUT'), 1000],
    ['1 s when the code is unknown', new NameLookupError('a.test: no code'), 1000],
    ['1 s when an address is refused', new Error('10.0.0.1 is private'), 1000],
  ])('keep a failure for %s', async (_, error, keptMs) => {
    const { clock, asked, lookups } = countedLookups(failsWith(error));
    await expect(lookups.lookUp('a.test')).rejects.toThrow(error);
    clock.nowMs = keptMs - 1;
    await expect(lookups.lookUp('a.test')).rejects.toThrow(error);
    expect(asked.length).toBe(1);
    clock.nowMs = keptMs;
    await expect(lookups.lookUp('a.test')).rejects.toThrow(error);
    expect(asked.length).toBe(2);
  });

  it('are kept of so many names, the least recently used dropped first', async () => {
    const { asked, lookups } = countedLookups(async () => FOUND, { keepNames: 2 });
    for (const name of ['a.test', 'b.test', 'a.test', 'c.test', 'a.test', 'c.test', 'b.test']) {
      await lookups.lookUp(name);
    }
    expect(asked).toEqual(['a.test', 'b.test', 'c.test', 'b.test']);
  });

  it('are kept of 50,000 names', async () => {
    const { asked, lookups } = countedLookups(async () => FOUND);
    for (let at = 0; at <= 50_000; at += 1) await lookups.lookUp(`${at}.test`);
    await lookups.lookUp('1.test');
    expect(asked.length).toBe(50_001);
    await lookups.lookUp('0.test');
    expect(asked.length).toBe(50_002);
  });
});
