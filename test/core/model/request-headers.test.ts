import { describe, expect, it } from 'vitest';
import { requestHeaders } from '../../../core/model/request-headers.ts';
import type { RequestHeader, RunSettings } from '../../../core/model/run.ts';
import { parseHeader } from '../../../core/visit/parse-header.ts';
import { aRun } from '../../worker/records.ts';
import { answer, body, redirect } from '../scripted-fetcher.ts';
import { TARGET, visitWorld } from '../visit-world.ts';

const REFERERS = [
  ['the same origin', 'https://a.test/p?q=1', 'https://a.test/i', 'https://a.test/p?q=1'],
  ['another host', 'https://a.test/p', 'https://b.test/i', 'https://a.test/'],
  ['another port', 'https://a.test/p', 'https://a.test:8443/i', 'https://a.test/'],
  ['TLS from clear', 'http://a.test/p', 'https://a.test/i', 'http://a.test/'],
  ['clear from TLS', 'https://a.test/p', 'http://a.test/i', undefined],
  ['what no page named', undefined, 'https://a.test/i', undefined],
] as const;

function sent(url: string, settings: Partial<RunSettings>, first = url, page?: string) {
  return requestHeaders(url, { first, page }, aRun([], settings));
}

describe('Referer', () => {
  it.each(REFERERS)('for %s', (_, page, url, expected) => {
    expect(sent(url, {}, url, page)?.['referer']).toBe(expected);
    expect(sent(url, { referer: 'none' }, url, page)).toBeUndefined();
  });

  it('is the own site where that is wanted', () => {
    expect(sent('https://b.test/i', { referer: 'site' })).toEqual({ referer: 'https://b.test/' });
  });

  it('is judged again after each redirect', async () => {
    const script = { [TARGET]: redirect('http://b.test/i'), 'http://b.test/i': body('img') };
    const world = visitWorld(script);
    await world.go({ url: TARGET, foundOn: 'http://a.test/page' });
    expect(world.fetcher.requests.map(({ headers }) => headers?.['referer'])).toEqual([
      'http://a.test/page',
      'http://a.test/',
    ]);
  });

  it('gives way to one that was given', () => {
    const headers = [{ name: 'Referer', value: 'https://x.test/' }];
    expect(sent('https://a.test/i', { headers }, undefined, 'https://a.test/p')).toEqual({
      referer: 'https://x.test/',
    });
  });
});

const GOOD: readonly (readonly [string, RequestHeader])[] = [
  ['X-Token: abc', { name: 'X-Token', value: 'abc' }],
  ['Accept-Language:de, en;q=0.5', { name: 'Accept-Language', value: 'de, en;q=0.5' }],
  ['X-Empty:', { name: 'X-Empty', value: '' }],
  ['X: a: b', { name: 'X', value: 'a: b' }],
  ['X:a b: c', { name: 'X', value: 'a b: c' }],
  ['a.test Authorization: Basic x', { host: 'a.test', name: 'Authorization', value: 'Basic x' }],
  ['A.Test:8080 X-Key: 1', { host: 'a.test:8080', name: 'X-Key', value: '1' }],
  ['*.a.test Cookie: a=1', { host: '*.a.test', name: 'Cookie', value: 'a=1' }],
  ['[::1]:8080 X: 1', { host: '[::1]:8080', name: 'X', value: '1' }],
];

const BAD = [
  ['no colon', 'X-Token abc', '"Name: value"'],
  ['too many words', 'a b X: secret', '"Name: value"'],
  ['no name', ': secret', '"Name: value"'],
  ['a name that is no token', 'X(y): secret', 'field name'],
  ['a line end', 'X: secret\r\nY: 1', 'one line'],
  ['a value that is not ASCII', 'X: s\u00e9cret', 'printable ASCII'],
  ['too long a value', `X: ${'secret'.repeat(1000)}`, 'longer than'],
  ['Host', 'Host: secret', 'own to set'],
  ['Content-Length', 'content-length: secret', 'own to set'],
  ['Connection', 'a.test Connection: secret', 'own to set'],
  ['Range', 'Range: secret', 'own to set'],
  ['a condition', 'If-None-Match: secret', 'own to set'],
  ['credentials of the proxy', 'a.test Proxy-Authorization: secret', 'own to set'],
  ['User-Agent', 'User-Agent: secret', '--user-agent'],
  ['Authorization for all', 'Authorization: secret', 'for one host'],
  ['Cookie for all', 'cookie: secret', 'for one host'],
  ['a URL in place of a host', 'https://a.test/ X: secret', 'without its scheme'],
  ['a path behind the host', 'a.test/x X: secret', 'not a host'],
] as const;

describe('a header that was given', () => {
  it.each(GOOD)('is read: %s', (text, header) => {
    expect(parseHeader(text)).toEqual({ kind: 'header', header });
  });

  it.each(BAD)('is refused without its value: %s', (_, text, told) => {
    const parsed = parseHeader(text);
    expect(parsed).toMatchObject({ kind: 'bad', problem: expect.stringContaining(told) });
    expect(JSON.stringify(parsed)).not.toMatch(/s.cret/);
  });

  it('goes to every host, and with every redirect, when it names none', () => {
    const headers = [{ name: 'X-A', value: '1' }];
    expect(sent('https://b.test/i', { headers }, 'http://a.test/')).toEqual({ 'x-a': '1' });
  });

  it('is joined with others of its name', () => {
    const headers = [
      { name: 'X-A', value: '1' },
      { name: 'x-a', value: '2' },
      { host: 'a.test', name: 'Cookie', value: 'c=1' },
    ];
    const occasion = { first: 'http://a.test/', cookies: 'd=2' };
    expect(requestHeaders('http://a.test/', occasion, aRun([], { headers }))).toEqual({
      'x-a': '1, 2',
      cookie: 'd=2; c=1',
    });
  });
});

/** A header of a host, the request, and where its visit began. */
const OF_ONE_HOST = [
  ['its host', 'a.test', 'http://a.test/i', 'http://a.test/i', true],
  ['its host by TLS', 'a.test', 'https://a.test/i', 'https://a.test/i', true],
  ['TLS of the same host, sent on', 'a.test', 'https://a.test/i', 'http://a.test/', true],
  ['another path, sent on', 'a.test', 'http://a.test/i', 'http://a.test/', true],
  ['a host below, by its star', '*.a.test', 'http://x.a.test/', 'http://x.a.test/', true],
  ['another host', 'a.test', 'http://b.test/i', 'http://b.test/i', false],
  ['another host, sent on', 'a.test', 'http://b.test/i', 'http://a.test/', false],
  ['another port', 'a.test', 'http://a.test:81/', 'http://a.test:81/', false],
  ['its host, sent by a stranger', 'a.test', 'http://a.test/i', 'http://b.test/', false],
  ['clear after TLS', 'a.test', 'http://a.test/i', 'https://a.test/', false],
  ['a host below, without a star', 'a.test', 'http://x.a.test/', 'http://x.a.test/', false],
  ['the name itself, by its star', '*.a.test', 'http://a.test/', 'http://a.test/', false],
  ['a name that ends alike', '*.a.test', 'http://xa.test/', 'http://xa.test/', false],
  [
    'from one host of the star to another',
    '*.a.test',
    'http://y.a.test/',
    'http://x.a.test/',
    false,
  ],
] as const;

describe('a header of one host', () => {
  it.each(OF_ONE_HOST)('for %s', (_, host, url, first, isSent) => {
    const headers = [{ host, name: 'Authorization', value: 'Basic x' }];
    const expected = isSent ? { authorization: 'Basic x' } : {};
    expect(sent(url, { headers }, first)).toEqual(expected);
  });

  it('goes to robots.txt, and no further than its origin', async () => {
    const headers = [{ host: 'a.test', name: 'Authorization', value: 'Basic x' }];
    const world = visitWorld(
      {
        'http://a.test/robots.txt': redirect('http://b.test/robots.txt'),
        'http://b.test/robots.txt': answer(404),
        [TARGET]: body('img'),
      },
      { settings: { headers, ignoreRobots: false } },
    );
    await world.go();
    expect(world.fetcher.requests.map((request) => request.headers)).toEqual([
      { authorization: 'Basic x' },
      {},
      { authorization: 'Basic x' },
    ]);
  });
});
