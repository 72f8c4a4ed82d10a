import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUrl } from '../../../core/model/canonical-url.ts';
import { isSpellingOf, requestUrlOf, spelledFind } from '../../../core/model/request-url.ts';

/** What is written, and what is requested for it. */
const REQUESTED = [
  ['escapes in lower case', 'http://a.test/%c3%a4?q=%2f', 'http://a.test/%c3%a4?q=%2f'],
  ['an escape that nobody needs', 'http://a.test/?d=%41%42&s=1', 'http://a.test/?d=%41%42&s=1'],
  ['an escaped tilde', 'http://a.test/%7Eme', 'http://a.test/%7Eme'],
  ['an empty query', 'http://a.test/x?', 'http://a.test/x?'],
  ['an empty query before a fragment', 'http://a.test/x?#y', 'http://a.test/x?'],
  ['slashes in a row', 'http://a.test//x//y', 'http://a.test//x//y'],
  ['a final dot of the host', 'http://a.test.:8080/x', 'http://a.test.:8080/x'],
  [
    'parameters of visitors',
    'http://a.test/x?utm_source=n&b=1',
    'http://a.test/x?utm_source=n&b=1',
  ],
  ['a stray percent sign', 'http://a.test/100%', 'http://a.test/100%'],
  ['empty parameters', 'http://a.test/?&&a=&', 'http://a.test/?&&a=&'],
  ['a fragment', 'http://a.test/x#y', 'http://a.test/x'],
  ['no path', 'http://a.test', 'http://a.test/'],
  ['the default port', 'HTTP://A.Test:80/X', 'http://a.test/X'],
  ['dot segments', 'http://a.test/a/../b/%2e/c', 'http://a.test/b/c'],
  ['another script', 'http://müller.test/ä?ö=ü', 'http://xn--mller-kva.test/%C3%A4?%C3%B6=%C3%BC'],
  ['a space and a line end', ' http://a.test/a b\n', 'http://a.test/a%20b'],
] as const;

const anySpelling = fc
  .array(
    fc.constantFrom('%7e', '%C3%a4', '%2F', '%', '?', '&utm_source=n', '#', '//', 'é', 'a', ' '),
  )
  .map((parts) => `http://a.test./${parts.join('')}`);

describe('the URL that is requested', () => {
  it.each(REQUESTED)('keeps what the URL standard keeps: %s', (_, written, expected) => {
    const found = spelledFind(written) ?? { url: '' };
    expect(requestUrlOf(found)).toBe(expected);
  });

  it('is the canonical one where nothing else was found', () => {
    const url = 'http://a.test/x';
    expect(spelledFind(url)).toEqual({ url });
    expect(requestUrlOf({ url })).toBe(url);
  });

  it.each([
    'http://b.test/x',
    'https://a.test/x',
    'http://a.test/X',
    'http://a.test:8080/x',
    'http://a.test/x?y',
    'http://me@a.test/x',
    'file:///x',
    'x',
  ])('is never one of something else: %s', (foundAs) => {
    expect(requestUrlOf({ url: 'http://a.test/x', foundAs })).toBe('http://a.test/x');
    expect(isSpellingOf(foundAs, 'http://a.test/x')).toBe(false);
  });

  it('has the same canonical form, and is its own request', () => {
    fc.assert(
      fc.property(anySpelling, (written) => {
        const found = spelledFind(written) ?? { url: '' };
        const requestUrl = requestUrlOf(found);
        expect(isSpellingOf(requestUrl, found.url)).toBe(true);
        expect(parseUrl(requestUrl)).toMatchObject({ requestUrl });
      }),
      { numRuns: 1000 },
    );
  });
});
