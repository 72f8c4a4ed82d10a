import { describe, expect, it } from 'vitest';
import type { Headers } from '../../../core/ports/fetcher.ts';
import { headerRights, rslLinkOf } from '../../../core/rights/header-statements.ts';
import { cpuTimeMs } from '../../cpu-time.ts';
import { combine } from './combine.ts';

/** Headers, and what `train` and `search` come to. */
const HEADS: readonly (readonly [Headers, string, string])[] = [
  [{}, 'unknown', 'unknown'],
  [{ 'content-usage': 'train-ai=n' }, 'reserved', 'unknown'],
  [{ 'content-usage': 'train-ai=y, search=n' }, 'allowed', 'reserved'],
  [{ 'content-usage': 'garbage=' }, 'unknown', 'unknown'],
  [{ 'x-robots-tag': 'noai' }, 'reserved', 'unknown'],
  [{ 'x-robots-tag': 'noimageai' }, 'reserved', 'unknown'],
  [{ 'x-robots-tag': 'noml' }, 'reserved', 'unknown'],
  [{ 'x-robots-tag': 'NoAI, NoImageAI' }, 'reserved', 'unknown'],
  [{ 'x-robots-tag': 'noindex' }, 'unknown', 'reserved'],
  [{ 'x-robots-tag': 'none' }, 'unknown', 'reserved'],
  [{ 'x-robots-tag': 'noimageindex' }, 'unknown', 'reserved'],
  [{ 'x-robots-tag': 'nofollow, noarchive' }, 'unknown', 'unknown'],
  [{ 'x-robots-tag': 'otherbot: noai' }, 'unknown', 'unknown'],
  [{ 'x-robots-tag': 'ourbot: noai' }, 'reserved', 'unknown'],
  [{ 'x-robots-tag': 'otherbot: noindex, ourbot: noai' }, 'reserved', 'unknown'],
  [{ 'x-robots-tag': 'unavailable_after: 25 Jun 2030 15:00:00 PST, noai' }, 'reserved', 'unknown'],
  [{ 'robots-tag': '*;noindex;nosnippet, ExampleBot;' }, 'unknown', 'reserved'],
  [{ 'robots-tag': ';noindex;nosnippet, ExampleBot=;' }, 'unknown', 'reserved'],
  [{ 'robots-tag': '*;nosnippet, OurBot;noindex' }, 'unknown', 'reserved'],
  [{ 'robots-tag': '*;nosnippet, ExampleBot;noindex' }, 'unknown', 'unknown'],
  [{ 'robots-tag': '*;noai' }, 'reserved', 'unknown'],
  [{ 'robots-tag': 'ourbot;NOAI' }, 'reserved', 'unknown'],
  [{ 'robots-tag': '"ourbot";noai' }, 'reserved', 'unknown'],
  [{ 'robots-tag': '* ; noindex=?1' }, 'unknown', 'reserved'],
  [{ 'robots-tag': 'ourbot;noai, ourbot;noindex' }, 'reserved', 'reserved'],
  [{ 'robots-tag': '*' }, 'unknown', 'unknown'],
  [{ 'robots-tag': '' }, 'unknown', 'unknown'],
  [{ 'robots-tag': ',,;' }, 'unknown', 'unknown'],
  [{ 'robots-tag': `${'x;y,'.repeat(3000)}*;noai` }, 'unknown', 'unknown'],
  [{ 'robots-tag': '*;noindex', 'x-robots-tag': 'noai' }, 'reserved', 'reserved'],
  [{ 'content-usage': 'train-ai=y', 'x-robots-tag': 'noai' }, 'reserved', 'unknown'],
  [{ 'x-robots-tag': 'all, index' }, 'unknown', 'unknown'],
];

describe('rights in the head of an answer', () => {
  it.each(HEADS)('%j: train %s, search %s', (headers, train, search) => {
    const found = combine(headerRights(headers, 'OurBot').statements);
    expect(found.train).toBe(train);
    expect(found.search).toBe(search);
  });

  it.each([
    [{ 'tdm-reservation': '1' }, 1, undefined],
    [{ 'tdm-reservation': '0' }, 0, undefined],
    [{ 'tdm-reservation': '1, 1' }, 1, undefined],
    [{ 'tdm-reservation': '0, 1' }, 1, undefined],
    [{ 'tdm-reservation': '0, x' }, undefined, undefined],
    [{ 'tdm-reservation': 'yes' }, undefined, undefined],
    [{ 'tdm-reservation': '1', 'tdm-policy': 'https://p.test/' }, 1, 'https://p.test/'],
    [{ 'tdm-policy': 'https://p.test/' }, undefined, 'https://p.test/'],
  ] as const)('%j is TDMRep’s %s, with the policy %s', (headers, reservation, policy) => {
    const { tdm } = headerRights(headers, 'OurBot');
    expect(tdm?.reservation).toBe(reservation);
    expect(tdm?.policy).toBe(policy);
  });

  it('finds nothing in a head that says nothing', () => {
    expect(headerRights({ 'content-type': 'image/png' }, 'x')).toEqual({ statements: [] });
  });
});

describe('a link to an RSL document', () => {
  it.each([
    ['<https://a.test/l.xml>; rel="license"; type="application/rsl+xml"', 'https://a.test/l.xml'],
    ['<https://a.test/l.xml>; rel=license; type=application/rsl+xml', 'https://a.test/l.xml'],
    ['<https://a.test/l.xml>;type="application/rsl+xml";REL="LICENSE"', 'https://a.test/l.xml'],
    ['</l.xml>; rel="other license"; type="application/rsl+xml"', '/l.xml'],
    ['</a>; rel=next, </l.xml>; rel=license; type="application/rsl+xml"', '/l.xml'],
    ['</a,b>; rel=license; type="application/rsl+xml"', '/a,b'],
    ['</l.xml>; title="a, b"; rel=license; type="application/rsl+xml"', '/l.xml'],
    ['</l.xml>; rel=license', undefined],
    ['</l.xml>; rel=license; type="text/html"', undefined],
    ['</l.xml>; rel=next; rel=license; type="application/rsl+xml"', undefined],
    ['</l.xml>; type="application/rsl+xml"', undefined],
    ['rel=license; type="application/rsl+xml"', undefined],
    ['', undefined],
  ])('%s', (header, target) => {
    expect(rslLinkOf(header)).toBe(target);
  });

  it.each([
    `<a>;a${' '.repeat(8000)}`,
    `<a>${';a='.repeat(3000)}`,
    '<'.repeat(8000),
    `<a>; a="${';'.repeat(8000)}`,
  ])('is looked for in time', (header) => {
    expect(cpuTimeMs(() => expect(rslLinkOf(header)).toBeUndefined())).toBeLessThan(500);
  });
});
