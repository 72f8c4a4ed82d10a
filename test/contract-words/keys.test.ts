import { describe, expect, it } from 'vitest';
import { fileNameOf, imageKey, seedKey } from '../../contract/image-name.ts';
import {
  afterPack,
  aloneKey,
  holdKey,
  type ItemKey,
  indexKey,
  LOG_KEYS,
  logPartition,
  markKey,
  packKey,
  parsePlace,
  placeText,
  runKey,
  TASK_SHARDS,
  taskKey,
  taskPartition,
} from '../../contract/table-keys.ts';

const COUNT = 8000;
const HASH = 'ab12'.padEnd(64, '0');

function keysOf(keyOf: (at: number) => ItemKey): readonly ItemKey[] {
  return Array.from({ length: COUNT }, (_, at) => keyOf(at));
}

/** How many keys each partition holds. */
function loads(keys: readonly ItemKey[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { pk } of keys) counts.set(pk, (counts.get(pk) ?? 0) + 1);
  return counts;
}

describe('the keys of a run', () => {
  it('spread its tasks evenly over their partitions', () => {
    const keys = keysOf((at) => taskKey('run-1', `w0-g${at}-0`));
    const names = Array.from({ length: TASK_SHARDS }, (_, shard) => taskPartition('run-1', shard));
    expect(new Set(loads(keys).keys())).toEqual(new Set(names));
    for (const load of loads(keys).values()) expect(load).toBeLessThan((COUNT / TASK_SHARDS) * 1.2);
  });

  it('are different for different tasks, and the same for the same', () => {
    const keyOf = (at: number) => taskKey('run-1', `w0-g${at}-0`);
    expect(new Set(keysOf(keyOf).map(({ pk, sk }) => `${pk} ${sk}`)).size).toBe(COUNT);
    expect(keyOf(7)).toEqual(keyOf(7));
  });

  it('are its own', () => {
    const mark = { url: 'u', group: 'g1' };
    const partitions = ['run-1', 'run-2'].flatMap((run) => [
      taskKey(run, 'u').pk,
      markKey(run, mark).pk,
      holdKey(run, 'g1').pk,
      ...['g1', 'g2'].map((group) => logPartition(run, group)),
    ]);
    expect(new Set(partitions).size).toBe(partitions.length);
    expect(runKey('run-1')).toEqual({ pk: 'RUNS', sk: 'run-1' });
  });

  it('stay short for a URL of any length', () => {
    const url = `http://a.test/${'x'.repeat(8000)}`;
    expect(markKey('run-1', { url, group: 'g1' }).sk).toHaveLength(22);
    expect(aloneKey(url, 12).length).toBeLessThan(40);
  });
});

describe('the keys of a log', () => {
  const places = [
    { hold: 1, part: 0 },
    { hold: 1, part: 9 },
    { hold: 1, part: 10 },
    { hold: 2, part: 0 },
    { hold: 10, part: 0 },
    { hold: 4_000_000_000, part: 9_999_999 },
  ];

  it('are in the order of the places, and say them', () => {
    const keys = places.map((place) => packKey(place));
    expect(keys.toSorted()).toEqual(keys);
    expect(keys.map(parsePlace)).toEqual(places);
    expect(places.map(placeText).map(parsePlace)).toEqual(places);
    expect(parsePlace('g1')).toBeUndefined();
  });

  it('have the halves of a pack between it and the next one', () => {
    const [first = START, second = START] = places;
    const keys = ['', '.0', '.1.0', '.1.1'].map((half) => packKey(first, half));
    const inOrder = [...keys, afterPack(first), packKey(second)];
    expect(inOrder.toSorted()).toEqual(inOrder);
    expect(keys.map(parsePlace)).toEqual(keys.map(() => first));
  });

  it('keep index, packs and what was kept alone apart', () => {
    const between = (key: string, { from, to }: { from: string; to: string }) =>
      key >= from && key <= to;
    for (const place of places) {
      expect(between(indexKey(place), LOG_KEYS.index)).toBe(true);
      expect(between(indexKey(place), LOG_KEYS.packs)).toBe(false);
      expect(between(packKey(place), LOG_KEYS.packs)).toBe(true);
      expect(aloneKey('u', 0) > afterPack(place)).toBe(true);
    }
    expect(between(aloneKey('u', 0), LOG_KEYS.packs)).toBe(true);
  });
});

const START = { hold: 0, part: 0 };

describe('where things are kept', () => {
  it.each([
    ['png', `ab/${HASH}.png`],
    ['jpeg', `ab/${HASH}.jpg`],
    ['svg', `ab/${HASH}.svg`],
  ])('an image of format %s', (format, expected) => {
    expect(fileNameOf(HASH, format)).toBe(expected);
    expect(imageKey(HASH, format)).toBe(`images/${expected}`);
  });

  it('a list of a run', () => {
    expect(seedKey('run-1', 2)).toBe('seeds/run-1/2');
  });
});
