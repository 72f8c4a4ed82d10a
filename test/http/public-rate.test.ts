import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProxyRules } from '../../adapters/http/proxy-rules.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import { MemoryHostLedger } from '../../adapters/memory/memory-host-ledger.ts';
import { SILENT_OBSERVER } from '../../adapters/memory/silent-observer.ts';
import { HostGate } from '../../core/hosts/host-gate.ts';
import { Hosts } from '../../core/hosts/hosts.ts';
import { Slots } from '../../core/hosts/slots.ts';
import type { FetchRequest } from '../../core/ports/fetcher.ts';
import { ProxyServer } from './proxy-server.ts';
import { Loopback } from './servers.ts';
import { PUBLIC_4, PUBLIC_6, resolverOf, SmallInternet } from './small-internet.ts';

const NAMES = { 'one.test': [PUBLIC_4], 'two.test': [PUBLIC_4], 'six.test': [PUBLIC_6] };
/** Requests of each host. */
const REQUESTS = 8;

const loopback = new Loopback();
let port: number;

beforeAll(async () => {
  ({ port } = await loopback.http(({ url }, response) => {
    response.statusCode = url === '/missing' ? 404 : 200;
    response.end('x');
  }));
});
afterAll(() => loopback.close());

/** A clock on which every wait is over at once, and which only waits move on. */
class WaitingClock {
  waitedMs = 0;

  now(): number {
    return this.waitedMs;
  }

  async sleep(ms: number): Promise<void> {
    this.waitedMs += ms;
  }
}

function aRequest(url: string, change: Partial<FetchRequest> = {}): FetchRequest {
  const limits = { timeoutMs: 10_000, maxBytes: 1000, perHost: 1, userAgent: 'test/1' };
  return { url, ...limits, ...change };
}

function anInternet(): SmallInternet {
  const internet = new SmallInternet(resolverOf(NAMES));
  internet.host(PUBLIC_4, port);
  internet.host(PUBLIC_6, port);
  return internet;
}

/** How long requests to these origins wait in all, one after the other of each host. */
async function waitedMs(origins: readonly string[], ratePerS: number, perAddress: boolean) {
  const clock = new WaitingClock();
  const fetcher = new UndiciFetcher({ allowPrivate: true }, anInternet());
  const ledger = new MemoryHostLedger();
  const hosts = new Hosts(clock);
  const gate = new HostGate({
    clock,
    hosts,
    slots: new Slots(100),
    fetcher,
    ledger,
    observer: SILENT_OBSERVER,
    random: () => 0.5,
  });
  const budget = { round: 'run 0', attempts: 3 };
  const notAfterMs = Number.POSITIVE_INFINITY;
  const approach = (url: string) =>
    gate.approach({
      request: aRequest(url),
      pace: { perHost: 1, delayMs: 0, ratePerS, perAddress, notAfterMs, budget },
      isCancelled: async () => false,
      keeper: { keepHost: () => {}, keepHostNow: async () => {} },
    });
  try {
    for (let n = 0; n < REQUESTS; n += 1) {
      for (const origin of origins)
        expect(await approach(`${origin}/${n}`)).toMatchObject({ outcome: { kind: 'body' } });
    }
    return clock.waitedMs;
  } finally {
    await fetcher.close();
  }
}

describe('the rate of a host', () => {
  it('counts where its address is a public one, from the first answer on', async () => {
    expect(await waitedMs(['http://one.test'], 10, false)).toBe(100 * (REQUESTS - 2));
  });

  it('does not count on loopback', async () => {
    expect(await waitedMs([`http://127.0.0.1:${port}`], 10, true)).toBe(0);
  });

  it('does not count where there is no limit', async () => {
    expect(await waitedMs(['http://one.test'], 0, false)).toBe(0);
  });

  it('is shared by the hosts of an address where that is asked for', async () => {
    const origins = ['http://one.test', 'http://two.test'];
    const alone = await waitedMs(origins, 10, false);
    const shared = await waitedMs(origins, 10, true);
    expect(alone).toBe(100 * (REQUESTS - 2));
    expect(shared).toBe(100 * (2 * REQUESTS - 3));
    expect(await waitedMs(['http://one.test', 'http://six.test'], 10, true)).toBe(alone);
  });
});

describe('the address of an answer', () => {
  it.each([
    ['a body', 'http://one.test/', {}, { kind: 'body', publicAddress: PUBLIC_4 }],
    ['no body', 'http://six.test/missing', {}, { kind: 'no-body', publicAddress: PUBLIC_6 }],
    [
      'a body that was not wanted',
      `http://${PUBLIC_4}/`,
      { wantsBody: () => false },
      { kind: 'no-body', publicAddress: PUBLIC_4 },
    ],
  ])('is told with %s', async (_, url, change, expected) => {
    const fetcher = new UndiciFetcher({ allowPrivate: false }, anInternet());
    // The second answer comes on the connection of the first.
    for (let n = 0; n < 2; n += 1)
      expect(await fetcher.fetch(aRequest(url, change))).toMatchObject(expected);
    await fetcher.close();
  });

  it('is not told where it is not public', async () => {
    const outcome = await loopback.fetch(`http://127.0.0.1:${port}/`);
    expect(outcome).toMatchObject({ kind: 'body', publicAddress: undefined });
  });

  it.each([
    ['that of the host, where it was judged', false, PUBLIC_4],
    ['unknown, where the proxy resolves names', true, undefined],
  ])('behind a proxy is %s', async (_, allowPrivate, publicAddress) => {
    const proxy = await ProxyServer.toPort(port);
    const url = `http://${proxy.authority}`;
    const proxies = new ProxyRules({ http: url, https: url, no: '' });
    const network = { resolve: resolverOf(NAMES), proxies };
    const fetcher = new UndiciFetcher({ allowPrivate }, network);
    const outcome = await fetcher.fetch(aRequest('http://one.test/'));
    expect(outcome).toMatchObject({ kind: 'body', publicAddress });
    await fetcher.close();
    await proxy.close();
  });
});
