import { describe, expect, it } from 'vitest';
import { ProxyRules } from '../../adapters/http/proxy-rules.ts';
import { readProxies } from '../../cli/options/read-proxies.ts';
import { parseProxy } from '../../contract/proxy.ts';

const GOOD = [
  ['http://proxy.test:3128', { hostname: 'proxy.test', port: 3128 }],
  ['http://proxy.test:3128/', { hostname: 'proxy.test', port: 3128 }],
  ['proxy.test:3128', { hostname: 'proxy.test', port: 3128 }],
  ['HTTP://Proxy.Test', { hostname: 'proxy.test', port: 80 }],
  ['http://[::1]:8080', { hostname: '::1', port: 8080, shown: 'http://[::1]:8080' }],
  [
    'http://me:a%3Ab@p.test:1',
    { authorization: `Basic ${btoa('me:a:b')}`, shown: 'http://p.test:1' },
  ],
  ['http://me@p.test:1', { authorization: `Basic ${btoa('me:')}` }],
] as const;

const BAD = [
  ['socks5://me:secret@p.test:1080', 'SOCKS'],
  ['socks://p.test', 'SOCKS'],
  ['https://me:secret@p.test', 'http://'],
  ['ftp://p.test', 'expected a URL'],
  ['', 'expected a URL'],
  ['http://', 'expected a URL'],
  ['http://p.test/secret', 'expected a URL'],
  ['http://me:secret%@p.test', 'stray %'],
] as const;

describe('the name of a proxy', () => {
  it.each(GOOD)('%s is read', (text, proxy) => {
    expect(parseProxy(text)).toMatchObject({ kind: 'proxy', proxy });
  });

  it.each(BAD)('%s is refused', (text, told) => {
    const parsed = parseProxy(text);
    expect(parsed).toMatchObject({ kind: 'bad', problem: expect.stringContaining(told) });
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });
});

const EXCEPTED = [
  ['itself', 'a.test', 'http://a.test/'],
  ['a name below', 'a.test', 'http://x.a.test/'],
  ['a name with a dot before', '.a.test', 'http://a.test/'],
  ['a name with a star before', '*.a.test', 'http://x.a.test/'],
  ['another case', 'A.Test', 'http://a.test/'],
  ['one of many', 'x.test, a.test', 'http://a.test/'],
  ['one of many with spaces', 'x.test a.test', 'http://a.test/'],
  ['every host', '*', 'https://b.test/'],
  ['its port', 'a.test:8080', 'http://a.test:8080/'],
  ['its port by the scheme', 'a.test:443', 'https://a.test/'],
  ['an address', '10.0.0.1', 'http://10.0.0.1/'],
  ['a range', '10.0.0.0/8', 'http://10.9.9.9:81/'],
  ['an address of IPv6', '::1', 'http://[::1]/'],
  ['one in brackets with a port', '[::1]:80', 'http://[::1]/'],
  ['a range of IPv6', 'fd00::/8', 'http://[fd12::1]/'],
  ['localhost', 'localhost,127.0.0.0/8', 'http://localhost:9000/'],
] as const;

const NOT_EXCEPTED = [
  ['a name that ends alike', 'a.test', 'http://xa.test/'],
  ['the name above', 'x.a.test', 'http://a.test/'],
  ['another port', 'a.test:8080', 'http://a.test/'],
  ['an address outside of a range', '10.0.0.0/8', 'http://11.0.0.1/'],
  ['an address that ends alike', '0.0.1', 'http://10.0.0.1/'],
  ['a range of the other family', '::/0', 'http://10.0.0.1/'],
  ['nothing', '', 'http://a.test/'],
  ['what nobody can read', '10.0.0.0/99', 'http://10.0.0.1/'],
] as const;

/** A URL as undici tells the connector of it. */
function targetOf(url: string) {
  const { protocol, hostname, port } = new URL(url);
  return { protocol, port, hostname: hostname.replace(/^\[|\]$/g, '') };
}

describe('the list of exceptions', () => {
  const http = 'http://p.test:1';

  it.each(EXCEPTED)('has %s', (_, no, url) => {
    expect(new ProxyRules({ http, https: http, no }).proxyFor(targetOf(url))).toBeUndefined();
  });

  it.each(NOT_EXCEPTED)('has not %s', (_, no, url) => {
    expect(new ProxyRules({ http, https: http, no }).proxyFor(targetOf(url))).toBeDefined();
  });
});

const READ = [
  ['nothing', {}, {}, undefined],
  ['the flag', { proxy: 'p:1' }, { HTTP_PROXY: 'q:1' }, { http: 'p:1', https: 'p:1' }],
  [
    'the flag with exceptions',
    { proxy: 'p:1' },
    { NO_PROXY: 'a' },
    { http: 'p:1', https: 'p:1', no: 'a' },
  ],
  ['the flag for none', { proxy: 'none' }, { HTTP_PROXY: 'q:1' }, {}],
  [
    'a variable for each',
    {},
    { HTTP_PROXY: 'p:1', HTTPS_PROXY: 'q:1' },
    { http: 'p:1', https: 'q:1' },
  ],
  ['one of them', {}, { https_proxy: 'q:1' }, { https: 'q:1' }],
  ['lower case first', {}, { http_proxy: 'p:1', HTTP_PROXY: 'q:1' }, { http: 'p:1' }],
  ['one for all', {}, { ALL_PROXY: 'p:1' }, { http: 'p:1', https: 'p:1' }],
  [
    'one before that for all',
    {},
    { all_proxy: 'p:1', HTTPS_PROXY: 'q:1' },
    { http: 'p:1', https: 'q:1' },
  ],
  ['empty ones', {}, { HTTP_PROXY: ' ', ALL_PROXY: '' }, undefined],
  ['exceptions alone', {}, { NO_PROXY: '*' }, undefined],
  [
    'exceptions in lower case',
    {},
    { ALL_PROXY: 'p:1', no_proxy: 'a', NO_PROXY: 'b' },
    { http: 'p:1', https: 'p:1', no: 'a' },
  ],
  ['a stack', { stack: 'S' }, { ALL_PROXY: 'p:1' }, undefined],
] as const;

describe('proxies are read from', () => {
  it.each(READ)('%s', (_, typed, environment, expected) => {
    expect(readProxies(typed, environment)).toEqual(expected);
  });

  it('what cannot be used is refused by its name, without a password', () => {
    expect(() => readProxies({ proxy: 'socks5://me:secret@p:1' })).toThrow(
      /^--proxy: SOCKS proxies are not supported, only HTTP proxies$/,
    );
    expect(() => readProxies({}, { ALL_PROXY: 'socks5://me:secret@p:1' })).toThrow(
      /^ALL_PROXY: SOCKS proxies .*; --proxy none leaves it out$/,
    );
  });
});
