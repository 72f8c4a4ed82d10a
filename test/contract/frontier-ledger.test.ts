import { describe, expect, it } from 'vitest';
import type { LeftOut } from '../../core/model/find.ts';
import { LEDGERS } from './ledgers.ts';
import { oneForEachTest } from './one-for-each-test.ts';

const OUT: LeftOut = { reason: 'too-deep', kind: 'page', depth: 9, foundOn: 'http://a.test/' };
const A = { url: 'http://a.test/', group: 'g1' };
const B = { url: 'http://b.test/', group: 'g2' };
const urlsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ url: `http://a.test/${at}.png`, group: 'g1' }));

describe.each(Object.entries(LEDGERS))('the frontier in %s', (_, make) => {
  const subject = oneForEachTest(make);
  const frontier = () => subject().ledger.frontier;

  it('knows what was marked, and as what', async () => {
    await frontier().mark('r', [A, { ...B, leftOut: OUT }]);
    expect(await frontier().known('r', [B, { url: 'http://c.test/', group: 'g1' }, A])).toEqual(
      new Map([
        ['http://b.test/', 'left-out'],
        ['http://a.test/', 'target'],
      ]),
    );
  });

  it('marks and answers for more than one request holds', async () => {
    const urls = urlsOf(130);
    await frontier().mark('r', urls);
    expect((await frontier().known('r', urls)).size).toBe(130);
  });

  it('takes in what was left out', async () => {
    await frontier().mark('r', [{ ...A, leftOut: OUT }]);
    await frontier().mark('r', [A]);
    expect((await frontier().known('r', [A])).get('http://a.test/')).toBe('target');
  });

  it('keeps runs apart', async () => {
    await frontier().mark('r', [A]);
    expect((await frontier().known('s', [A])).size).toBe(0);
  });

  it('gives the sums before, each what its own', async () => {
    expect(await frontier().reserve('r', { pages: 3 })).toEqual({ pages: 0, urls: 0, bytes: 0 });
    expect(await frontier().reserve('r', { urls: 5 })).toEqual({ pages: 3, urls: 0, bytes: 0 });
    expect(await frontier().reserve('r', { bytes: 7 })).toEqual({ pages: 3, urls: 5, bytes: 0 });
    expect(await frontier().reserve('r', { pages: 1, urls: 1, bytes: 1 })).toEqual({
      pages: 3,
      urls: 5,
      bytes: 7,
    });
  });

  it('counts what lists brought as pages and as URLs, and says it twice without harm', async () => {
    await frontier().countSeeds('r', 2);
    await frontier().countSeeds('r', 2);
    expect(await frontier().reserve('r', { pages: 1 })).toEqual({ pages: 2, urls: 2, bytes: 0 });
  });

  it('gives no place twice to those who ask at once', async () => {
    const asked = Array.from({ length: 10 }, () => frontier().reserve('r', { pages: 1 }));
    const places = (await Promise.all(asked)).map(({ pages }) => pages);
    expect(places.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
