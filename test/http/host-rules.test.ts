import { afterEach, describe, expect, it } from 'vitest';
import { HostRules } from '../../adapters/http/host-rules.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import { Loopback } from './servers.ts';

const request = { timeoutMs: 10_000, maxBytes: 1_000_000, perHost: 1, userAgent: 'test/1' };
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

function fetcherWith(allowed: readonly string[], denied: readonly string[], maxBytes?: number) {
  const hosts = new HostRules({ allowed, denied });
  const fetcher = new UndiciFetcher({ allowPrivate: true, hosts, maxBytes });
  cleanups.push(() => fetcher.close());
  return fetcher;
}

async function serveBytes(bytes: number) {
  const loopback = new Loopback();
  cleanups.push(() => loopback.close());
  return loopback.http((_, response) => response.end(Buffer.alloc(bytes)));
}

describe('the operator’s lists of hosts', () => {
  it.each([
    ['a.test', [], [], true],
    ['a.test', ['a.test'], [], true],
    ['www.a.test', ['a.test'], [], true],
    ['a.test.', ['a.test'], [], true],
    ['nota.test', ['a.test'], [], false],
    ['a.test.b.test', ['a.test'], [], false],
    ['b.test', ['a.test'], [], false],
    ['a.test', [], ['a.test'], false],
    ['x.y.a.test', [], ['a.test'], false],
    ['a.test.', [], ['a.test'], false],
    ['b.test', [], ['a.test'], true],
    ['secret.a.test', ['a.test'], ['secret.a.test'], false],
    ['a.test', ['a.test'], ['test'], false],
    ['[::1]', [], ['[::1]'], false],
    ['192.0.2.1', [], ['192.0.2.1'], false],
    ['1.192.0.2.1.test', [], ['192.0.2.1'], true],
  ])('%s, allowed %j, denied %j: %s', (host, allowed, denied, may) => {
    expect(new HostRules({ allowed, denied }).refusalOf(host) === undefined).toBe(may);
  });

  it('say which entry it was', () => {
    const rules = new HostRules({ allowed: ['b.test'], denied: ['a.test'] });
    expect(rules.refusalOf('www.a.test')).toBe('www.a.test is denied by "a.test"');
    expect(rules.refusalOf('c.test')).toBe('c.test is not among the allowed hosts');
  });
});

describe('a request to a host that is denied', () => {
  it('is not made, and has its own reason', async () => {
    const site = await serveBytes(10);
    const outcome = await fetcherWith([], ['127.0.0.1']).fetch({ url: site.url, ...request });
    expect(outcome).toEqual({
      kind: 'failed',
      reason: 'host-denied',
      detail: '127.0.0.1 is denied by "127.0.0.1"',
    });
    expect(site.connections()).toBe(0);
  });

  it('is made to one that is allowed', async () => {
    const site = await serveBytes(10);
    const outcome = await fetcherWith(['127.0.0.1'], []).fetch({ url: site.url, ...request });
    expect(outcome).toMatchObject({ kind: 'body' });
  });
});

describe('the operator’s limit of a body', () => {
  it.each([
    [100, 1000, 'too-large'],
    [1000, 100, 'too-large'],
    [1000, 1000, undefined],
  ])('of %i bytes, with a run’s of %i: %s', async (most, asked, reason) => {
    const site = await serveBytes(500);
    const fetcher = fetcherWith([], [], most);
    const outcome = await fetcher.fetch({ url: site.url, ...request, maxBytes: asked });
    expect(outcome.kind === 'failed' ? outcome.reason : undefined).toBe(reason);
  });
});
