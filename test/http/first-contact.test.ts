import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createNetServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Network } from '../../adapters/http/guarded-connector.ts';
import { type FetcherLimits, UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import type { FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';

const LIMITS: Partial<FetcherLimits> = {
  connectMs: 5000,
  firstByteMs: 5000,
  firstContact: { connectMs: 80, firstByteMs: 80 },
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}

function fetcherOf(network: Network = {}) {
  const fetcher = new UndiciFetcher({ allowPrivate: true }, network, LIMITS);
  closing.unshift(() => fetcher.close());
  return (url: string, change: Partial<FetchRequest> = {}): Promise<FetchOutcome> =>
    fetcher.fetch({
      url,
      timeoutMs: 5000,
      maxBytes: 1000,
      perHost: 2,
      userAgent: 'test/1',
      ...change,
    });
}

const silence: RequestListener = () => {};

describe('a first contact', () => {
  it('has a short limit to the first byte', async () => {
    const fetch = fetcherOf();
    const port = await listen(createServer(silence));
    const outcome = await fetch(`http://127.0.0.1:${port}/`, { firstContact: true });
    expect(outcome).toMatchObject({
      reason: 'timeout',
      detail: expect.stringMatching(/^no answer after 80 ms/),
    });
  });

  it('has a short limit to connect, with TLS', async () => {
    const fetch = fetcherOf();
    const port = await listen(createNetServer(() => {}));
    const outcome = await fetch(`https://127.0.0.1:${port}/`, { firstContact: true });
    expect(outcome).toMatchObject({ reason: 'timeout', detail: 'no connection after 80 ms' });
  });

  it('is over with the limit of the whole request, where that is shorter', async () => {
    const fetch = fetcherOf();
    const port = await listen(createServer(silence));
    const outcome = await fetch(`http://127.0.0.1:${port}/`, { firstContact: true, timeoutMs: 40 });
    expect(outcome).toMatchObject({ detail: expect.stringMatching(/^not over after/) });
  });

  it('leaves its connection to the requests that follow, under their own limits', async () => {
    const fetch = fetcherOf();
    let connections = 0;
    const server = createServer((request, response) => {
      if (request.url === '/first') response.end('picture');
      // Longer than a first contact may take.
      else setTimeout(() => response.end('picture'), 160);
    });
    server.on('connection', () => {
      connections += 1;
    });
    const port = await listen(server);
    const first = await fetch(`http://127.0.0.1:${port}/first`, { firstContact: true });
    const second = await fetch(`http://127.0.0.1:${port}/second`);
    expect([first.kind, second.kind]).toEqual(['body', 'body']);
    expect(connections).toBe(1);
  });

  it('has all of its time to connect left when the name was looked up slowly', async () => {
    const resolve: Network['resolve'] = () =>
      new Promise((found) => {
        setTimeout(() => found([{ address: '127.0.0.1', family: 4 }]), 120);
      });
    const fetch = fetcherOf({ resolve });
    const port = await listen(createServer((_, response) => void response.end('picture')));
    const outcome = await fetch(`http://slow-name.test:${port}/`, { firstContact: true });
    expect(outcome).toMatchObject({ kind: 'body' });
  });

  it('of several requests at once fails for all that waited for it', async () => {
    const fetch = fetcherOf();
    let connections = 0;
    const server = createNetServer(() => {
      connections += 1;
    });
    const url = `https://127.0.0.1:${await listen(server)}/`;
    const both = [fetch(url, { firstContact: true }), fetch(url, { firstContact: true })];
    for (const outcome of await Promise.all(both))
      expect(outcome).toMatchObject({ reason: 'timeout' });
    expect(connections).toBe(1);
  });
});
