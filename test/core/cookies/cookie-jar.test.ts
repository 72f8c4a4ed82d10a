import { describe, expect, it } from 'vitest';
import { PublicSuffixRules } from '../../../adapters/links/public-suffix-rules.ts';
import { CookieJar } from '../../../core/cookies/cookie-jar.ts';

const NOW = Date.UTC(2026, 0, 1);
const FROM = 'https://www.example.com/shop/item?x=1';
const rules = new PublicSuffixRules();

function newJar(): CookieJar {
  return new CookieJar((host) => rules.domainOf(host));
}

/** What a jar sends to `to` after `from` has set one cookie. */
function sentTo(to: string, setCookie: string, from = FROM): string | undefined {
  const jar = newJar();
  jar.learn(setCookie, from, NOW);
  return jar.headerFor(to, NOW);
}

const SENT = [
  ['the same host', 'a=1', 'https://www.example.com/shop/x'],
  ['another port', 'a=1', 'https://www.example.com:8443/shop/x'],
  ['a folder below', 'a=1', 'https://www.example.com/shop/x/y'],
  ['its path', 'a=1; Path=/img', 'https://www.example.com/img'],
  ['below its path', 'a=1; Path=/img/', 'https://www.example.com/img/x'],
  ['an invalid path', 'a=1; Path=img', 'https://www.example.com/shop/'],
  ['a sister host, by its domain', 'a=1; Domain=example.com; Path=/', 'https://img.example.com/'],
  ['a domain with a dot', 'a=1; domain=.Example.COM; path=/', 'https://example.com/'],
  ['TLS, where it is secure', 'a=1; Secure; Path=/', 'https://www.example.com/'],
  [
    'before it expires',
    'a=1; Path=/; Expires=Thu, 01 Jan 2026 00:00:01 GMT',
    'https://www.example.com/',
  ],
  ['within its age', 'a=1; Path=/; Max-Age=1', 'https://www.example.com/'],
  [
    'whatever Expires says beside its age',
    'a=1; Path=/; Max-Age=9; Expires=Thu, 01 Jan 2015 00:00:00 GMT',
    'https://www.example.com/',
  ],
  ['a date that nobody can read', 'a=1; Path=/; Expires=soon', 'https://www.example.com/'],
  ['with the prefix of a host', '__Host-a=1; Secure; Path=/', 'https://www.example.com/'],
  ['with the prefix of TLS', '__Secure-a=1; Secure; Path=/', 'https://www.example.com/'],
  ['in clear, where it is not secure', 'a=1; Path=/', 'http://www.example.com/'],
] as const;

const KEPT_BACK = [
  ['another folder', 'a=1', 'https://www.example.com/'],
  ['a folder that begins alike', 'a=1; Path=/img', 'https://www.example.com/images'],
  ['another host', 'a=1; Path=/', 'https://img.example.com/'],
  ['a host below', 'a=1; Path=/', 'https://x.www.example.com/'],
  ['a name that ends alike', 'a=1; Domain=example.com; Path=/', 'https://badexample.com/'],
  ['another site', 'a=1; Domain=other.com; Path=/', 'https://other.com/'],
  ['a public suffix', 'a=1; Domain=com; Path=/', 'https://www.example.com/'],
  [
    'a host below the one that sets it',
    'a=1; Domain=x.www.example.com; Path=/',
    'https://x.www.example.com/',
  ],
  ['in clear, where it is secure', 'a=1; Secure; Path=/', 'http://www.example.com/'],
  [
    'when it is expired',
    'a=1; Path=/; Expires=Wed, 31 Dec 2025 00:00:00 GMT',
    'https://www.example.com/',
  ],
  ['when its age is over', 'a=1; Path=/; Max-Age=0', 'https://www.example.com/'],
  [
    'a prefix without what it promises',
    '__Host-a=1; Secure; Path=/shop',
    'https://www.example.com/shop',
  ],
  ['a prefix in another case', '__SECURE-a=1; Path=/', 'https://www.example.com/'],
  [
    'a prefix in a value without a name',
    '=__Host-a=1; Path=/x; Secure',
    'https://www.example.com/x',
  ],
  ['control characters', 'a=1\x01; Path=/', 'https://www.example.com/'],
  ['nothing', '; Path=/', 'https://www.example.com/'],
  ['more bytes than browsers take', `a=${'x'.repeat(4096)}; Path=/`, 'https://www.example.com/'],
] as const;

describe('a cookie', () => {
  it.each(SENT)('is sent to %s', (_, setCookie, to) => {
    expect(sentTo(to, setCookie)).toMatch(/^(__\w+-)?a=1$/);
  });

  it.each(KEPT_BACK)('is not sent: %s', (_, setCookie, to) => {
    expect(sentTo(to, setCookie)).toBeUndefined();
  });

  it('that is secure is not taken from a site in clear', () => {
    expect(sentTo(FROM, 'a=1; Secure; Path=/', 'http://www.example.com/')).toBeUndefined();
  });

  it.each([
    [
      'of an address',
      'http://127.0.0.1/',
      'a=1; Domain=127.0.0.1',
      'http://127.0.0.1/',
      'http://1.127.0.0.1.test/',
    ],
    [
      'of a public suffix',
      'https://github.io/',
      'a=1; Domain=github.io',
      'https://github.io/',
      'https://x.github.io/',
    ],
    ['of a single label', 'http://localhost/', 'a=1', 'http://localhost/', 'http://x.localhost/'],
  ])('%s is its own alone', (_, from, setCookie, own, other) => {
    expect(sentTo(own, setCookie, from)).toBe('a=1');
    expect(sentTo(other, setCookie, from)).toBeUndefined();
  });

  it('is kept from the neighbours of a private suffix', () => {
    const from = 'https://a.github.io/';
    expect(sentTo('https://b.github.io/', 'a=1; Domain=github.io', from)).toBeUndefined();
  });

  it('is replaced, and taken back', () => {
    const jar = newJar();
    expect(jar.learn('a=1; Path=/', FROM, NOW)).toBe(true);
    expect(jar.learn('a=1; Path=/', FROM, NOW)).toBe(false);
    expect(jar.learn('a=2; Path=/', FROM, NOW)).toBe(true);
    expect(jar.headerFor(FROM, NOW)).toBe('a=2');
    expect(jar.learn('a=; Path=/; Max-Age=-1', FROM, NOW)).toBe(true);
    expect(jar.headerFor(FROM, NOW)).toBeUndefined();
    expect(jar.learn('a=; Path=/; Max-Age=-1', FROM, NOW)).toBe(false);
  });

  it('that is secure is not replaced in clear', () => {
    const jar = newJar();
    jar.learn('a=1; Path=/; Secure', FROM, NOW);
    jar.learn('a=2; Path=/', 'http://www.example.com/', NOW);
    expect(jar.headerFor(FROM, NOW)).toBe('a=1');
  });

  it('ends by the clock', () => {
    const jar = newJar();
    jar.learn('a=1; Path=/; Max-Age=60', FROM, NOW);
    expect(jar.headerFor(FROM, NOW + 59_999)).toBe('a=1');
    expect(jar.headerFor(FROM, NOW + 60_000)).toBeUndefined();
  });
});

describe('a jar', () => {
  it('sends what has the longer path first, then what is older', () => {
    const jar = newJar();
    jar.learn('a=1; Path=/\nb=2; Path=/shop\nc=3; Path=/', FROM, NOW);
    expect(jar.headerFor(FROM, NOW)).toBe('b=2; a=1; c=3');
  });

  it('keeps the newest fifty of a domain', () => {
    const jar = newJar();
    const lines = Array.from({ length: 80 }, (_, at) => `c${at}=1; Path=/`);
    jar.learn(lines.join('\n'), FROM, NOW);
    expect(jar.size).toBe(50);
    expect(jar.headerFor(FROM, NOW)).toContain('c79=1');
    expect(jar.headerFor(FROM, NOW)).not.toContain('c29=1');
  });

  it('is bounded in bytes, and so is what it sends', () => {
    const jar = newJar();
    for (let host = 0; host < 40; host += 1)
      jar.learn(`a=${'x'.repeat(4000)}; Path=/`, `https://h${host}.example.com/`, NOW);
    expect(jar.size).toBe(16);
    const lines = Array.from({ length: 10 }, (_, at) => `c${at}=${'x'.repeat(2000)}; Path=/`);
    jar.learn(lines.join('\n'), FROM, NOW);
    expect(jar.headerFor(FROM, NOW)?.length).toBeLessThanOrEqual(8192);
  });
});
