import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UrlResolver } from '../../adapters/html/url-resolver.ts';

const BASE = 'https://site.example:8443/dir/page?q=1#f';

/** By the library alone. */
function parsed(written: string, base: string): string | undefined {
  const url = URL.parse(written, base);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  url.hash = '';
  return url.href.replace(/#$/, '');
}

it('makes the same of every path as the URL standard', () => {
  const piece = fc.constantFrom(
    '/',
    '.',
    '..',
    'a',
    '?',
    '&',
    '=',
    '%2e',
    '@',
    ':',
    ';',
    '~',
    "'",
    ' ',
    '\\',
    '|',
    '*',
    'ä',
  );
  const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
  fc.assert(
    fc.property(path, (written) => {
      expect(new UrlResolver(BASE).resolve(written)).toBe(parsed(written, BASE));
    }),
    { numRuns: 3000, seed: 1 },
  );
});

it('forgets what it knew when the base is another one', () => {
  const urls = new UrlResolver(BASE);
  expect(urls.resolve('a')).toBe('https://site.example:8443/dir/a');
  expect(urls.resolve('/a')).toBe('https://site.example:8443/a');
  urls.setBase('http://other.example/x/');
  expect(urls.resolve('a')).toBe('http://other.example/x/a');
  expect(urls.resolve('/a')).toBe('http://other.example/a');
});

it('finds nothing in a document whose own address is invalid', () => {
  const urls = new UrlResolver('nowhere');
  expect(urls.resolve('/a')).toBeUndefined();
  expect(urls.resolve('a')).toBeUndefined();
});
