import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesProduct, productTokenOf } from '../../../core/model/product-token.ts';

/** A User-Agent header and the name by which sites know who sends it. */
const TOKENS = [
  ['my-crawler/1.0 (+https://example.com/bot)', 'my-crawler'],
  ['my-crawler', 'my-crawler'],
  ['image-crawler/0.1.0 (+contact not set; see --user-agent)', 'image-crawler'],
  ['  My_Crawler  (someone@example.com)', 'My_Crawler'],
  ['FooBot/2.1 (compatible; BarBot/1.0)', 'FooBot'],
  ['FooBot(like BarBot)', 'FooBot'],
  ['img2dataset/1.45', 'img2dataset'],
  ['Mozilla/5.0 (compatible; FooBot/2.1; +https://example.com/bot)', 'FooBot'],
  ['Mozilla/5.0 (compatible;FooBot;+https://example.com/bot)', 'FooBot'],
  ['Mozilla/5.0 (compatible; +https://example.com/bot; FooBot/2.1)', 'FooBot'],
  ['Mozilla/5.0 (compatible; bot@example.com; FooBot)', 'FooBot'],
  [
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; FooBot/2.0; +https://example.com) Chrome/103.0 Safari/537.36',
    'FooBot',
  ],
  [
    'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1 Mobile Safari/537.36 (compatible; FooBot/2.1)',
    'FooBot',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (FooBot/0.1; +https://example.com)',
    'FooBot',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/1 Safari/537.36 FooBot/1.0',
    'FooBot',
  ],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:1) Gecko/20100101 Firefox/1', 'Mozilla'],
  ['Mozilla/5.0 (compatible; MSIE 9.0; Windows; Trident/5.0)', 'Mozilla'],
  ['Mozilla/5.0 (nested (compatible; FooBot/1)', 'FooBot'],
  ['https://example.com/bot FooBot', 'FooBot'],
  ['bot@example.com', ''],
  ['1.0', ''],
  ['', ''],
  ['((((', ''],
  ['))) FooBot', 'FooBot'],
] as const;

describe('the product token', () => {
  it.each(TOKENS)('of "%s" is "%s"', (userAgent, expected) => {
    expect(productTokenOf(userAgent)).toBe(expected);
  });

  it('is a part of the header that a user-agent line can name', () => {
    const word = fc.constantFrom(
      'Mozilla/5.0',
      'FooBot/1',
      'a b',
      '(',
      ')',
      ';',
      'compatible',
      '@',
    );
    const header = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(header, (userAgent) => {
        const token = productTokenOf(userAgent);
        expect(userAgent).toContain(token);
        expect(namesProduct(token, token)).toBe(token !== '');
      }),
      { numRuns: 2000, seed: 9309 },
    );
  });
});
