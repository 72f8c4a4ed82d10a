import { afterEach, describe, expect, it } from 'vitest';
import type { AddressPolicy } from '../../adapters/http/address-guard.ts';
import { dialer } from '../../adapters/http/dial.ts';
import { ProxyRules } from '../../adapters/http/proxy-rules.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import { ProxyServer } from './proxy-server.ts';
import { SecuredSites } from './secured-sites.ts';
import { Loopback } from './servers.ts';

const PUBLIC = ['93.184.216.34', '93.184.216.35', '93.184.216.36', '93.184.216.37'];
const TIMEOUT_MS = 5000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

function kept<Closable extends { close(): Promise<void> }>(one: Closable): Closable {
  open.push(one);
  return one;
}

/** A proxy, and a fetcher that goes through it; every name has these addresses. */
async function through(
  proxy: ProxyServer,
  policy: AddressPolicy,
  { addresses = PUBLIC, credentials = '', ca = '', no = '', connectMs = TIMEOUT_MS } = {},
) {
  const url = `http://${credentials}${kept(proxy).authority}`;
  const looked: string[] = [];
  const fetcher = new UndiciFetcher(
    policy,
    {
      resolve: async (name) => {
        looked.push(name);
        return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      },
      ...(ca !== '' && { build: (options) => dialer({ ...options, ca }) }),
      proxies: new ProxyRules({ http: url, https: url, no }),
    },
    { connectMs, firstContact: { connectMs, firstByteMs: TIMEOUT_MS } },
  );
  kept(fetcher);
  const fetch = (target: string) =>
    fetcher.fetch({
      url: target,
      timeoutMs: TIMEOUT_MS,
      maxBytes: 100_000,
      perHost: 1,
      userAgent: 'test/1',
    });
  return { fetch, looked };
}

/** A site that tells what it was asked. */
async function aSite(): Promise<number> {
  const site = await kept(new Loopback()).http(({ headers, url }, response) => {
    response.end(`${headers.host}${url}`);
  });
  return site.port;
}

function textOf(outcome: Awaited<ReturnType<UndiciFetcher['fetch']>>): string {
  if (outcome.kind === 'body') return Buffer.from(outcome.body).toString();
  return outcome.kind === 'failed' ? `${outcome.reason}: ${outcome.detail}` : outcome.kind;
}

describe('through a proxy, with the guard of addresses', () => {
  const policy = { allowPrivate: false };

  it('a site in clear is reached by a tunnel to an address that was judged', async () => {
    const proxy = await ProxyServer.toPort(await aSite());
    const { fetch, looked } = await through(proxy, policy);
    expect(textOf(await fetch('http://site.test/a?b'))).toBe('site.test/a?b');
    expect(textOf(await fetch('http://site.test/c'))).toBe('site.test/c');
    expect(proxy).toMatchObject({ asked: ['93.184.216.34:80'], others: 0 });
    expect(looked).toEqual(['site.test']);
  });

  it('an address of IPv6 is asked for in brackets', async () => {
    const proxy = await ProxyServer.toPort(await aSite());
    const { fetch } = await through(proxy, policy, { addresses: ['2606:2800:220:1::1'] });
    await fetch('http://site.test:8080/');
    await fetch('http://[2606:2800:220:1::2]/');
    expect(proxy.asked).toEqual(['[2606:2800:220:1::1]:8080', '[2606:2800:220:1::2]:80']);
  });

  it.each([
    ['a name with a private address', 'http://site.test/', ['10.0.0.1']],
    ['a name with one among others', 'https://site.test/', [...PUBLIC, '127.0.0.1']],
    ['a private address', 'http://169.254.169.254/', PUBLIC],
    ['a port that is not for the web', 'http://site.test:25/', PUBLIC],
    ['the proxy itself', 'http://127.0.0.1:8080/', PUBLIC],
  ])('%s never reaches the proxy', async (_, url, addresses) => {
    const proxy = await ProxyServer.saying('');
    const { fetch } = await through(proxy, policy, { addresses });
    expect(await fetch(url)).toMatchObject({ kind: 'failed', reason: 'address-blocked' });
    expect(proxy).toMatchObject({ asked: [], others: 0 });
  });

  it('the next addresses are asked for where one has no tunnel, three in all', async () => {
    const proxy = await ProxyServer.saying('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    const { fetch } = await through(proxy, policy);
    expect(textOf(await fetch('http://site.test/'))).toBe(
      `connection-failed: the proxy http://${proxy.authority} opens no tunnel to 93.184.216.36:80 (HTTP 502)`,
    );
    expect(proxy.asked).toEqual(['93.184.216.34:80', '93.184.216.35:80', '93.184.216.36:80']);
  });
});

describe('through a proxy, without the guard', () => {
  const policy = { allowPrivate: true };

  it('names are the proxy\u2019s to resolve', async () => {
    const proxy = await ProxyServer.toPort(await aSite());
    const { fetch, looked } = await through(proxy, policy);
    expect(textOf(await fetch('http://intranet:8080/a'))).toBe('intranet:8080/a');
    expect(proxy.asked).toEqual(['intranet:8080']);
    expect(looked).toEqual([]);
  });

  it('TLS and HTTP/2 are spoken with the site, and its certificate is judged', async () => {
    const sites = kept(await SecuredSites.open());
    const { port, url } = await sites.http2((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('over HTTP/2');
    });
    const proxy = await ProxyServer.toPort(port);
    const { fetch } = await through(proxy, policy, { ca: sites.ca });
    expect(textOf(await fetch(url))).toBe('over HTTP/2');
    expect(await fetch(url.replace('site.test', 'else.test'))).toMatchObject({
      reason: 'tls-failed',
    });
    expect(proxy.asked).toEqual([`site.test:${port}`, `else.test:${port}`]);
  });

  it('credentials go to the proxy, and into no message', async () => {
    const proxy = await ProxyServer.saying('HTTP/1.1 407 Authenticate\r\n\r\n');
    const { fetch } = await through(proxy, policy, { credentials: 'me:s%40cret@' });
    const told = textOf(await fetch('http://site.test/'));
    expect(told).toBe(
      `connection-failed: the proxy http://${proxy.authority} wants other credentials (HTTP 407)`,
    );
    expect(proxy.credentials).toEqual([`Basic ${btoa('me:s@cret')}`]);
  });

  it('the site never sees them', async () => {
    const loopback = kept(new Loopback());
    const seen: string[] = [];
    const { port } = await loopback.http(({ rawHeaders }, response) => {
      seen.push(...rawHeaders);
      response.end('x');
    });
    const proxy = await ProxyServer.toPort(port);
    const { fetch } = await through(proxy, policy, { credentials: 'me:secret@' });
    await fetch('http://site.test/');
    expect(seen.join().toLowerCase()).not.toContain('proxy');
  });

  it('hosts of NO_PROXY are asked without it', async () => {
    const port = await aSite();
    const proxy = await ProxyServer.saying('');
    const { fetch } = await through(proxy, policy, { no: 'site.test', addresses: ['127.0.0.1'] });
    expect(textOf(await fetch(`http://site.test:${port}/`))).toBe(`site.test:${port}/`);
    expect(proxy.asked).toEqual([]);
  });
});

describe('a proxy that is no use', () => {
  const policy = { allowPrivate: true };

  it.each([
    ['is not HTTP', 'SSH-2.0-x\r\n\r\n', /no answer of HTTP from the proxy/],
    ['says nothing', '', /closed the connection/],
    ['stops in its answer', 'HTTP/1.1 200 OK\r\nVia', /closed the connection/],
    ['has an endless answer', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(4000)}`, /no answer of HTTP/],
    ['refuses', 'HTTP/1.1 403 No\r\n\r\n', /opens no tunnel to site.test:80 \(HTTP 403\)/],
  ])('because it %s, is told as that', async (_, text, told) => {
    const { fetch } = await through(await ProxyServer.saying(text), policy);
    const outcome = await fetch('http://site.test/');
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'connection-failed' });
    expect(textOf(outcome)).toMatch(told);
  });

  it('because nobody listens there, is told with its address', async () => {
    const proxy = await ProxyServer.saying('');
    const { authority } = proxy;
    const { fetch } = await through(proxy, policy);
    await proxy.close();
    open.splice(open.indexOf(proxy), 1);
    expect(textOf(await fetch('http://site.test/'))).toBe(
      `connection-failed: the proxy http://${authority}: ECONNREFUSED`,
    );
  });

  it('because it never answers, is a timeout', async () => {
    const proxy = await ProxyServer.start(() => {});
    const { fetch } = await through(proxy, policy, { connectMs: 50 });
    expect(textOf(await fetch('http://site.test/'))).toMatch(/^timeout: no tunnel through http/);
  });

  it('because the site behind it never speaks TLS, is a timeout', async () => {
    const proxy = await ProxyServer.start(
      (_, socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\n'),
    );
    const { fetch } = await through(proxy, policy, { connectMs: 50 });
    expect(await fetch('https://site.test/')).toMatchObject({ reason: 'timeout' });
  });
});
