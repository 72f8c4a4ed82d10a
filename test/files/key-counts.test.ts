import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyCounts } from '../../adapters/files/key-counts.ts';

/** The largest key that results have: a fingerprint has 48 bits. */
const MAX_KEY = 2 ** 48 - 1;

function foldersOfCounts(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('crawl-counts-'));
}

it('counts as a Map does, however few fit into memory', () => {
  const someKeys = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.maxSafeNat()), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(someKeys, fc.integer({ min: 1, max: 30 }), (given, gathered) => {
      const keys = given.map((key) => key % (MAX_KEY + 1));
      using counts = new KeyCounts({ gathered, merged: 3 });
      const expected = new Map<number, number>();
      for (const key of keys) {
        counts.add(key);
        expected.set(key, (expected.get(key) ?? 0) + 1);
      }
      const countOf = counts.finish();
      for (const key of [...keys, 10, MAX_KEY]) expect(countOf(key)).toBe(expected.get(key));
    }),
    { numRuns: 100 },
  );
});

it('finds each of more keys than a block holds, and none that lies between them', () => {
  using counts = new KeyCounts({ gathered: 3000, merged: 4 });
  for (let key = 0; key < 20_000; key += 1)
    for (let n = 0; n <= key % 3; n += 1) counts.add(2 * key);
  const countOf = counts.finish();
  for (let key = 0; key < 20_000; key += 1) {
    expect(countOf(2 * key)).toBe(1 + (key % 3));
    expect(countOf(2 * key + 1)).toBeUndefined();
  }
});

it('leaves nothing behind', () => {
  const before = foldersOfCounts();
  {
    using counts = new KeyCounts({ gathered: 2 });
    for (let key = 0; key < 10; key += 1) counts.add(key);
    counts.finish();
    expect(foldersOfCounts().length).toBeGreaterThan(before.length);
  }
  expect(foldersOfCounts().filter((name) => !before.includes(name))).toEqual([]);
});
