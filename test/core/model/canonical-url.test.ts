import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostOf, MAX_URL_LENGTH, originOf, parseUrl } from '../../../core/model/canonical-url.ts';

const SPELLINGS = [
  ['scheme and host in lower case', 'HTTP://EXAMPLE.Com/A', 'http://example.com/A'],
  ['the default port of http', 'http://a.test:80/', 'http://a.test/'],
  ['the default port of https', 'https://a.test:443/', 'https://a.test/'],
  ['another port stays', 'https://a.test:80/', 'https://a.test:80/'],
  ['a fragment is dropped', 'http://a.test/x#top', 'http://a.test/x'],
  ['a path is never empty', 'http://a.test', 'http://a.test/'],
  ['dot segments', 'http://a.test/a/./b/../c', 'http://a.test/a/c'],
  ['escaped dot segments', 'http://a.test/a/%2e%2E/c', 'http://a.test/c'],
  ['an escaped unreserved character', 'http://a.test/%7Euser', 'http://a.test/~user'],
  ['the same one not escaped', 'http://a.test/~user', 'http://a.test/~user'],
  ['escapes in upper case', 'http://a.test/%c3%a9?q=%2f', 'http://a.test/%C3%A9?q=%2F'],
  ['a character that needs an escape', 'http://a.test/é x', 'http://a.test/%C3%A9%20x'],
  ['an escaped slash is no slash', 'http://a.test/a%2fb', 'http://a.test/a%2Fb'],
  ['a stray percent sign', 'http://a.test/100%', 'http://a.test/100%'],
  ['a stray sign before an escape', 'http://a.test/%%37e', 'http://a.test/%%37e'],
  ['a trailing dot of the host', 'http://a.test./x', 'http://a.test/x'],
  ['a trailing dot before a port', 'http://a.test.:8080/', 'http://a.test:8080/'],
  ['an empty query', 'http://a.test/x?', 'http://a.test/x'],
  ['a query in its order', 'http://a.test/?b=1&a=2', 'http://a.test/?b=1&a=2'],
  ['a name in another script', 'http://münchen.test/', 'http://xn--mnchen-3ya.test/'],
  ['an address in another base', 'http://0x7f.1/', 'http://127.0.0.1/'],
  ['IPv6', 'http://[0:0::1]/', 'http://[::1]/'],
  ['backslashes', 'http:\\\\a.test\\x', 'http://a.test/x'],
  ['space around it', '  http://a.test/  ', 'http://a.test/'],
] as const;

const REFUSED = [
  ['no URL', 'garbage', 'not a URL'],
  ['nothing', '', 'not a URL'],
  ['a relative path', '/a.png', 'not a URL'],
  ['an impossible port', 'http://a.test:99999/', 'not a URL'],
  ['no host', 'http://', 'not a URL'],
  ['only dots', 'http://../', 'not a host name'],
  ['two trailing dots', 'http://a.test../', 'not a host name'],
  ['another scheme', 'ftp://a.test/x', 'not http or https'],
  ['a data URL', 'data:image/png;base64,AA', 'not http or https'],
  ['a file', 'file:///etc/passwd', 'not http or https'],
  ['a script', 'javascript:alert(1)', 'not http or https'],
  ['a user', 'http://user@a.test/', 'credentials'],
  ['a password', 'http://:secret@a.test/', 'credentials'],
  ['too many characters', `http://a.test/${'x'.repeat(MAX_URL_LENGTH)}`, 'longer than'],
] as const;

function canonical(text: string): string {
  const parsed = parseUrl(text);
  return parsed.kind === 'url' ? parsed.url : `bad: ${parsed.problem}`;
}

function problemOf(text: string): string {
  const parsed = parseUrl(text);
  return parsed.kind === 'bad' ? parsed.problem : `good: ${parsed.url}`;
}

/** Texts made of what the rules look at: where hostile spellings are dense. */
const spelling = fc
  .array(fc.constantFrom(...'%72eEfF./?#:@~aé\\ \t', '%2e', '%25', '%7E', '..', '//'))
  .map((parts) => `http://a.test/${parts.join('')}`);
const anything = fc.oneof(spelling, fc.webUrl(), fc.string({ unit: 'binary' }));

describe('a URL has one canonical form', () => {
  it.each(SPELLINGS)('%s', (_, text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it('is the same when it is done again', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parseUrl(text);
        if (parsed.kind === 'url') expect(canonical(parsed.url)).toBe(parsed.url);
      }),
      { numRuns: 3000 },
    );
  });

  it('tells the host with its port', () => {
    expect(parseUrl('http://A.test:8080/x')).toMatchObject({ host: 'a.test:8080' });
    expect(parseUrl('https://a.test:443/x')).toMatchObject({ host: 'a.test' });
  });

  it('finds the same host and origin in both forms', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parseUrl(text);
        if (parsed.kind === 'bad') return;
        const { url, requestUrl, host } = parsed;
        expect([hostOf(url), hostOf(requestUrl)]).toEqual([host, host]);
        expect(originOf(requestUrl)).toBe(originOf(url));
        expect(url.startsWith(`${originOf(url)}/`)).toBe(true);
      }),
    );
  });

  it.each([
    ['http://a.test./x', 'http://a.test'],
    ['https://a.test.:8443/x', 'https://a.test:8443'],
    ['http://[::1]:8080/', 'http://[::1]:8080'],
    ['http://127.0.0.1/x.y', 'http://127.0.0.1'],
  ])('has the origin of its host without a final dot: %s', (url, origin) => {
    expect(originOf(url)).toBe(origin);
  });
});

describe('what cannot be crawled is refused with a reason', () => {
  it.each(REFUSED)('%s', (_, text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  it('takes a URL of just the longest length', () => {
    const longest = `http://a.test/${'x'.repeat(MAX_URL_LENGTH - 'http://a.test/'.length)}`;
    expect(canonical(longest)).toBe(longest);
    expect(problemOf(`${longest}x`)).toContain(`longer than ${MAX_URL_LENGTH}`);
  });

  it('keeps a password out of the message', () => {
    expect(problemOf('https://user:secret@a.test/')).not.toContain('secret');
  });

  it('never throws, and never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const problem = problemOf(`ftp:${text}`);
        expect(problem).not.toMatch(/\p{Cc}/u);
        expect(problem.length).toBeLessThan(130);
      }),
      { numRuns: 1000 },
    );
  });

  it('shows control characters as replacements', () => {
    expect(problemOf('\u001b]0;owned\u0007 \u009b31m \u202e')).toBe(
      'not a URL: \u{fffd}]0;owned\u{fffd} \u{fffd}31m \u{fffd}',
    );
  });
});
