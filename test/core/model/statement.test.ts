import { describe, expect, it } from 'vitest';
import { type Positions, PURPOSES, type Purpose } from '../../../core/model/purpose.ts';
import { judgeRights, MAX_VALUE, statement } from '../../../core/model/statement.ts';
import { combine } from '../rights/combine.ts';

const says = (positions: Positions, value = 'x') => {
  const made = statement('content-usage', 'header', value, positions);
  return made === undefined ? [] : [made];
};

describe('statements together', () => {
  it.each([
    [[], 'unknown'],
    [[{}], 'unknown'],
    [[{ train: 'allowed' }], 'allowed'],
    [[{ train: 'reserved' }], 'reserved'],
    [[{ train: 'allowed' }, { train: 'reserved' }], 'reserved'],
    [[{ train: 'reserved' }, { train: 'allowed' }], 'reserved'],
    [[{ train: 'allowed' }, {}], 'allowed'],
    [[{ search: 'reserved' }, { train: 'allowed' }], 'allowed'],
  ] as const)('%j: %s', (all, expected) => {
    expect(combine(all.flatMap((one) => says(one))).train).toBe(expected);
  });

  it.each([
    [['train'], true],
    [['search'], false],
    [['search', 'train'], true],
    [PURPOSES, true],
    [[], false],
  ] as const)('declared %j: reserved %s', (declared: readonly Purpose[], isReserved) => {
    const verdict = judgeRights(says({ train: 'reserved', search: 'allowed' }), declared);
    expect(verdict.kind === 'reserved').toBe(isReserved);
  });

  it('name the statement that reserves, and for what', () => {
    const [first, second] = [
      ...says({ search: 'allowed' }, 'a'),
      ...says({ tdm: 'reserved', train: 'reserved' }, 'b'),
    ];
    if (first === undefined || second === undefined) throw new Error('a statement is missing');
    expect(judgeRights([first, second], ['train', 'tdm', 'search'])).toEqual({
      kind: 'reserved',
      for: ['train', 'tdm'],
      by: second,
    });
  });

  it('are cut to a bounded length', () => {
    expect(says({ train: 'reserved' }, 'v'.repeat(10_000))[0]?.value).toHaveLength(MAX_VALUE);
  });
});
