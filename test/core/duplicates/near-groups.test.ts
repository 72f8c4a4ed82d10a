import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashSet } from '../../../core/duplicates/hash-set.ts';
import { MAX_DISTANCE, nearGroups } from '../../../core/duplicates/near-groups.ts';

/** A hash with other values of some of its bits. */
function flipped(hash: Uint8Array, bits: readonly number[]): Uint8Array {
  const other = Uint8Array.from(hash);
  for (const bit of bits) other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return other;
}

const textOf = (hash: Uint8Array) => Buffer.from(hash).toString('hex');

/** Groups by comparing all with all. */
function slowGroups(hashes: HashSet, most: number): number[] {
  const names = Array.from({ length: hashes.size }, (_, place) => place);
  for (let changed = true; changed; ) {
    changed = false;
    for (let one = 0; one < hashes.size; one += 1) {
      for (let other = 0; other < one; other += 1) {
        if (names[one] === names[other] || hashes.distance(one, other) > most) continue;
        const name = Math.min(names[one] ?? one, names[other] ?? other);
        names[one] = name;
        names[other] = name;
        changed = true;
      }
    }
  }
  return names;
}

describe('nearGroups', () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const bits = fc.uniqueArray(fc.nat(255), { minLength: 0, maxLength: 40 });
  const family = fc.tuple(hash, fc.array(bits, { maxLength: 6 }));

  it('finds the groups that comparing all with all finds, at each distance', () => {
    const families = fc.array(family, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(families, fc.nat(MAX_DISTANCE), (all, most) => {
        const hashes = new HashSet();
        for (const [one, changes] of all) {
          for (const change of [[], ...changes]) hashes.add(textOf(flipped(one, change)));
        }
        expect([...nearGroups(hashes, most)]).toEqual(slowGroups(hashes, most));
      }),
      { numRuns: 50 },
    );
  });

  it('joins 31 differing bits wherever they are, and not 32', () => {
    const spread = fc.uniqueArray(fc.nat(255), { minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(hash, spread, (one, places) => {
        for (const [count, groups] of [
          [31, 1],
          [32, 2],
        ] as const) {
          const hashes = new HashSet();
          hashes.add(textOf(one));
          hashes.add(textOf(flipped(one, places.slice(0, count))));
          expect(new Set(nearGroups(hashes, 31)).size).toBe(groups);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('takes no other text for a hash', () => {
    const hashes = new HashSet();
    expect(hashes.add('ab')).toBeUndefined();
    expect(hashes.size).toBe(0);
  });
});
