import { describe, expect, it } from 'vitest';
import { PURPOSES } from '../../../core/model/purpose.ts';
import { optOutOf, pageDirectives } from '../../../core/rights/opt-out.ts';
import { cpuTimeMs } from '../../cpu-time.ts';

/** A header, repeated ones joined, and what it keeps from FooBot. */
const HEADERS = [
  [undefined, undefined],
  ['', undefined],
  ['noindex', 'noindex'],
  ['NoIndex', 'noindex'],
  ['noimageindex', 'noimageindex'],
  ['none', 'none'],
  ['noai', 'noai'],
  ['noimageai', 'noimageai'],
  ['noai, noimageai', 'noai'],
  ['nofollow, noarchive', undefined],
  ['all', undefined],
  ['index, follow', undefined],
  ['index, noindex', 'noindex'],
  ['noindex, all', 'noindex'],
  ['noindexes', undefined],
  ['nofollow,noindex', 'noindex'],
  ['nofollow ,\t noindex', 'noindex'],
  ['nofollow; noindex', 'noindex'],
  ['nofollow noindex', 'noindex'],
  [',, noindex ,', 'noindex'],
  ['foobot: noindex', 'noindex'],
  ['FooBot:noindex', 'noindex'],
  ['foobot : noindex', 'noindex'],
  ['foobot/1.0: noindex', 'noindex'],
  ['*: noindex', 'noindex'],
  ['robots: noindex', 'noindex'],
  ['barbot: noindex', undefined],
  ['barbot: nofollow, noindex', undefined],
  ['foobot2: noindex', 'noindex'],
  ['foobots: noindex', undefined],
  ['noai, barbot: noindex', 'noai'],
  ['barbot: noindex, foobot: noai', 'noai'],
  ['foobot: noai, barbot: noindex', 'noai'],
  ['noindex, foobot: all', 'noindex'],
  ['barbot: noindex, *: noai', 'noai'],
  ['barbot: noindex, nofollow, otherbot: noai', undefined],
  ['unavailable_after: 25 Jun 2010 15:00:00 PST', undefined],
  ['unavailable_after: 25 Jun 2010 15:00:00 PST, noindex', 'noindex'],
  ['unavailable_after: Friday, 25-Jun-10 15:00:00 UTC, noindex', 'noindex'],
  ['unavailable_after: 2010-06-25T15:00:00-08:00, noindex', 'noindex'],
  ['unavailable_after: 25 Jun 2010 15:00:00 UTC+01:00, noindex', 'noindex'],
  ['foobot: unavailable_after: 25 Jun 2010 15:00:00 PST, noindex', 'noindex'],
  ['barbot: unavailable_after: 25 Jun 2010 15:00:00 PST, noindex', undefined],
  ['max-image-preview:large, noindex', 'noindex'],
  ['max-image-preview: none', undefined],
  ['max-snippet:-1, max-video-preview: 0, noai', 'noai'],
  ['barbot: max-snippet:-1, noindex', undefined],
  ['foobot: max-snippet:-1, noindex', 'noindex'],
  ['noindex: yes', 'noindex'],
] as const;

describe('X-Robots-Tag', () => {
  it.each(HEADERS)('"%s" refuses by %s', (header, expected) => {
    expect(optOutOf(header, 'FooBot', PURPOSES)).toBe(expected);
  });

  it('binds a crawler without a name by what is for everyone', () => {
    expect(optOutOf('noai, foobot: noindex', '', PURPOSES)).toBe('noai');
  });

  it.each([
    ['space', ' '.repeat(200_000)],
    ['colons', ' :'.repeat(100_000)],
    ['agents', 'a:b,'.repeat(50_000)],
    ['dates', 'unavailable_after:'.repeat(20_000)],
  ])('is read in time: nothing but %s', (_, header) => {
    const text = `${header}, robots: noindex`;
    const judge = () => expect(optOutOf(text, 'FooBot', PURPOSES)).toBe('noindex');
    expect(cpuTimeMs(judge)).toBeLessThan(1000);
  });
});

describe('a page', () => {
  it.each([
    ['nothing', undefined, [], undefined, false],
    ['one directive', undefined, [['robots', 'noindex']], 'noindex', false],
    ['in any case', undefined, [['ROBOTS', 'NOINDEX,NOFOLLOW']], 'noindex', true],
    ['links only', undefined, [['robots', 'nofollow']], undefined, true],
    ['none is both', undefined, [['robots', 'none']], 'none', true],
    ['its images', undefined, [['robots', 'noimageindex']], 'noimageindex', false],
    ['no training', undefined, [['robots', 'noai, noimageai']], 'noai', false],
    ['by name', undefined, [['foobot', 'nofollow']], undefined, true],
    ['by another name', undefined, [['barbot', 'none']], undefined, false],
    [
      'by two names',
      undefined,
      [
        ['robots', 'nofollow'],
        ['FooBot', 'noai'],
      ],
      'noai',
      true,
    ],
    [
      'a name does not free it',
      undefined,
      [
        ['robots', 'none'],
        ['foobot', 'all'],
      ],
      'none',
      true,
    ],
    [
      'another element',
      undefined,
      [
        ['description', 'noindex'],
        ['', 'noindex'],
      ],
      undefined,
      false,
    ],
    [
      'a date',
      undefined,
      [['robots', 'unavailable_after: 25 Jun 2010 15:00:00 PST, nofollow']],
      undefined,
      true,
    ],
    ['a value', undefined, [['robots', 'max-image-preview: none']], undefined, false],
    ['its header', 'nofollow', [['robots', 'noai']], 'noai', true],
    ['the header of another', 'barbot: none', [['robots', 'index']], undefined, false],
  ] as const)('asks: %s', (_, header, elements, optOut, nofollow) => {
    const metas = elements.map(([name, content]) => ({ name, content }));
    expect(pageDirectives({ 'x-robots-tag': header }, metas, 'FooBot', PURPOSES)).toEqual({
      optOut,
      nofollow,
    });
  });
});
