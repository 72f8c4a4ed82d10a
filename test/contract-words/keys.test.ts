import { describe, expect, it } from 'vitest';
import { fileNameOf, imageKey, seedKey } from '../../contract/image-name.ts';
import {
  type ItemKey,
  RESULT_SHARDS,
  resultKey,
  resultPartition,
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

const SPREADS = [
  [
    'results',
    RESULT_SHARDS,
    (at: number) => resultKey('run-1', `http://a.test/${at}`),
    resultPartition,
  ],
  ['tasks', TASK_SHARDS, (at: number) => taskKey('run-1', `w0-g${at}-0`), taskPartition],
] as const;

describe('the keys of a run', () => {
  it.each(SPREADS)('spread its %s evenly over %i partitions', (_, shards, keyOf, partition) => {
    const keys = keysOf(keyOf);
    const names = Array.from({ length: shards }, (_none, shard) => partition('run-1', shard));
    expect(new Set(loads(keys).keys())).toEqual(new Set(names));
    for (const load of loads(keys).values()) expect(load).toBeLessThan((COUNT / shards) * 1.2);
  });

  it.each(SPREADS)(
    'are different for different %s, and the same for the same',
    (_, _shards, keyOf) => {
      const names = keysOf(keyOf).map(({ pk, sk }) => `${pk} ${sk}`);
      expect(new Set(names).size).toBe(COUNT);
      expect(keyOf(7)).toEqual(keyOf(7));
    },
  );

  it('are its own', () => {
    const keys = [
      resultKey('run-1', 'u'),
      resultKey('run-2', 'u'),
      taskKey('run-1', 'u'),
      taskKey('run-2', 'u'),
    ];
    expect(new Set(keys.map(({ pk }) => pk)).size).toBe(4);
    expect(runKey('run-1')).toEqual({ pk: 'RUNS', sk: 'run-1' });
  });

  it('stay short for a URL of any length', () => {
    expect(resultKey('run-1', `http://a.test/${'x'.repeat(8000)}`).sk).toHaveLength(22);
  });
});

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
