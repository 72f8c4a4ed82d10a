import { describe, expect, it } from 'vitest';
import { MAX_CANDIDATES, parseSrcset } from '../../../core/links/srcset.ts';

/** Candidates as short as they can be told: `url`, `url 800w`, `url 2x`. */
function told(input: string): readonly string[] {
  return parseSrcset(input).map(({ url, width, density }) => {
    const descriptor = width === undefined ? density : width;
    return descriptor === undefined
      ? url
      : `${url} ${descriptor}${width === undefined ? 'x' : 'w'}`;
  });
}

type Case = readonly [input: string, ...candidates: string[]];

describe('a srcset is split', () => {
  it.each<Case>([
    [''],
    [' \t\n\f\r'],
    [','],
    [' , ,, '],
    ['a', 'a'],
    ['  a  ', 'a'],
    ['a,', 'a'],
    ['a,,,', 'a'],
    [',a', 'a'],
    [',,,a', 'a'],
    [' , a , ', 'a'],
    ['a, b', 'a', 'b'],
    ['a ,b', 'a', 'b'],
    ['a\n,\tb', 'a', 'b'],
    // Without space a comma belongs to the URL.
    ['a,b', 'a,b'],
    ['a,b 2x,c 3x', 'a,b 2x', 'c 3x'],
    ['data:,a 1x', 'data:,a 1x'],
    ['data:,a', 'data:,a'],
    ['data:image/png;base64,AA== 2x, b', 'data:image/png;base64,AA== 2x', 'b'],
    [
      '/w_100,h_50/a.png 100w, /w_200,h_90/a.png 200w',
      '/w_100,h_50/a.png 100w',
      '/w_200,h_90/a.png 200w',
    ],
    // A no-break space is no white space.
    ['a\u00a0b', 'a\u00a0b'],
    ['a\vb 1x', 'a\vb 1x'],
    ['a 1x,b 2x', 'a 1x', 'b 2x'],
    ['a 1x ,b', 'a 1x', 'b'],
    ['a 1x, , b', 'a 1x', 'b'],
  ])('%j', (input, ...candidates) => {
    expect(told(input)).toEqual(candidates);
  });
});

describe('descriptors', () => {
  it.each<Case>([
    ['a 1x', 'a 1x'],
    ['a 1.5x', 'a 1.5x'],
    ['a .5x', 'a 0.5x'],
    ['a 1e3x', 'a 1000x'],
    ['a 1E-1x', 'a 0.1x'],
    ['a 0x', 'a 0x'],
    ['a -0x', 'a 0x'],
    ['a 00001x', 'a 1x'],
    ['a 300w', 'a 300w'],
    ['a 0300w', 'a 300w'],
    ['a 300w 200h', 'a 300w'],
    ['a 200h 300w', 'a 300w'],
    ['a 300w, b 2x', 'a 300w', 'b 2x'],
  ])('that are right: %j', (input, ...candidates) => {
    expect(told(input)).toEqual(candidates);
  });

  it.each([
    '-1x',
    '+1x',
    '1.x',
    '.x',
    'x',
    '1 x',
    '1ex',
    'Infinityx',
    'NaNx',
    '0x1x',
    '1X',
    '1xx',
    '-1w',
    '0w',
    '+1w',
    '1.5w',
    '1e2w',
    'w',
    '1W',
    '300w 2x',
    '2x 300w',
    '1w 1w',
    '1x 1x',
    '200h',
    '0h',
    '300w 0h',
    '300w -1h',
    '300w 1.5h',
    '300w 200h 200h',
    '2x 200h',
    '200h 2x',
    '1q',
    'foo',
    '300',
    '(1x)',
    '1x(',
    '(',
    '(a, b',
    '1x 1q',
    '¹x',
    '1x;',
  ])('that are wrong drop their candidate and no other: %j', (descriptor) => {
    expect(told(`a ${descriptor}`)).toEqual([]);
    const isOpen = descriptor.includes('(') && !descriptor.includes(')');
    expect(told(`x 1x, a ${descriptor}, b 2x`)).toEqual(isOpen ? ['x 1x'] : ['x 1x', 'b 2x']);
  });

  it.each<Case>([
    ['a (b, c) 2x, d', 'd'],
    ['a foo(b, c), d 2x', 'd 2x'],
    ['a 2x(, b), c', 'c'],
    ['a (b (c), d', 'd'],
    ['a (b, c'],
  ])('in parentheses hide commas: %j', (input, ...candidates) => {
    expect(told(input)).toEqual(candidates);
  });
});

it('reads no more candidates than anybody writes', () => {
  expect(parseSrcset('a 1x,'.repeat(100_000))).toHaveLength(MAX_CANDIDATES);
});

it.each([
  ['spaces', `a${' '.repeat(1_000_000)}`],
  ['commas', `${','.repeat(1_000_000)}a`],
  ['commas behind', `a${','.repeat(1_000_000)}`],
  ['parentheses', `a ${'('.repeat(1_000_000)}`],
  ['descriptors', `a ${'1x '.repeat(300_000)}`],
  ['wrong candidates', 'a 1q, '.repeat(200_000)],
])('takes time in its length only: a million of %s', (_, input) => {
  const before = process.cpuUsage();
  parseSrcset(input);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(1000);
});
