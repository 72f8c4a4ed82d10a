import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { dialer } from '../../adapters/http/dial.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import type { FetchOutcome, FetchRequest } from '../../core/ports/fetcher.ts';
import { aCertificate, anAuthority } from './certificates.ts';

const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const REQUEST: Omit<FetchRequest, 'url'> = {
  timeoutMs: 20_000,
  maxBytes: 1000,
  perHost: 2,
  userAgent: 'test/1',
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => new Promise((closed) => server.close(closed)));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}

/** Counts the connections that a server has open, once all that has happened is known to it. */
function watch(server: Server) {
  const open = new Set<Socket>();
  const seen = { open, opened: 0, mostAtOnce: 0 };
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    seen.opened += 1;
    const forget = () => void open.delete(socket);
    socket.on('end', forget).on('close', forget);
    // An earlier connection's end may be in the same batch of events as this one's beginning.
    setImmediate(() => {
      seen.mostAtOnce = Math.max(seen.mostAtOnce, open.size);
    });
  });
  return seen;
}

/** Visits all, so many at once. */
async function visit<T>(items: readonly T[], atOnce: number, each: (item: T) => Promise<void>) {
  const rest = [...items];
  const lane = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await each(next);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

describe('2,000 hosts under a limit of 64 sockets', () => {
  it('all answer, and leave nothing behind', async () => {
    // Answers only when 64 requests are under way: more would be, if there were more sockets.
    const held: ServerResponse[] = [];
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      held.push(response);
      const isFull = held.length === 64 || requests === 2000;
      if (isFull) setTimeout(() => held.splice(0).forEach((one) => void one.end('picture')));
    });
    const seen = watch(server);
    const port = await listen(server);
    const fetcher = new UndiciFetcher({ allowPrivate: true }, { resolve }, { maxSockets: 64 });
    closing.unshift(() => fetcher.close());
    const outcomes = new Map<FetchOutcome['kind'], number>();
    const hosts = Array.from({ length: 2000 }, (_, at) => `host-${at}.test`);
    await visit(hosts, 256, async (host) => {
      const outcome = await fetcher.fetch({ url: `http://${host}:${port}/`, ...REQUEST });
      outcomes.set(outcome.kind, (outcomes.get(outcome.kind) ?? 0) + 1);
    });
    expect([...outcomes]).toEqual([['body', 2000]]);
    expect(seen.mostAtOnce).toBe(64);
    expect(seen.opened).toBe(2000);
    const { sockets, idle, waiting, origins } = fetcher.counts;
    expect(waiting).toBe(0);
    expect(sockets).toBeLessThanOrEqual(64);
    expect([idle, origins]).toEqual([sockets, sockets]);
    server.closeAllConnections();
    await expect
      .poll(() => fetcher.counts)
      .toEqual({ sockets: 0, idle: 0, waiting: 0, origins: 0 });
  });

  it('each keep their connection from one request to the next', async () => {
    const server = createServer((_, response) => void response.end('picture'));
    const seen = watch(server);
    const port = await listen(server);
    const fetcher = new UndiciFetcher({ allowPrivate: true }, { resolve }, { maxSockets: 64 });
    closing.unshift(() => fetcher.close());
    const hosts = Array.from({ length: 200 }, (_, at) => `host-${at}.test`);
    await visit(hosts, 40, async (host) => {
      for (let times = 0; times < 5; times += 1) {
        const outcome = await fetcher.fetch({ url: `http://${host}:${port}/${times}`, ...REQUEST });
        expect(outcome.kind).toBe('body');
      }
    });
    expect(seen.opened).toBe(200);
    expect(seen.mostAtOnce).toBeLessThanOrEqual(64);
  });
});

describe('a request without a socket', () => {
  it('waits, and no limit of it passes meanwhile', async () => {
    const answers: (() => void)[] = [];
    const server = createServer(({ url }, response) => {
      if (url === '/held') answers.push(() => response.end('picture'));
      else response.end('picture');
    });
    const port = await listen(server);
    const fetcher = new UndiciFetcher({ allowPrivate: true }, { resolve }, { maxSockets: 1 });
    closing.unshift(() => fetcher.close());
    const held = fetcher.fetch({ url: `http://a.test:${port}/held`, ...REQUEST });
    await expect.poll(() => answers.length).toBe(1);
    const timeoutMs = 100;
    const second = fetcher.fetch({ url: `http://b.test:${port}/`, ...REQUEST, timeoutMs });
    // One that needs a socket, and one that waits for the connection of that one.
    const url = `http://a.test:${port}/`;
    const third = fetcher.fetch({ url, ...REQUEST, perHost: 1, timeoutMs });
    const fourth = fetcher.fetch({ url, ...REQUEST, perHost: 1, timeoutMs });
    // Until a request that was begun later, and may take longer, has run out of time.
    const other = new UndiciFetcher({ allowPrivate: true }, { resolve });
    closing.unshift(() => other.close());
    const late = other.fetch({ url: `http://c.test:${port}/held`, ...REQUEST, timeoutMs: 150 });
    expect(await late).toMatchObject({ reason: 'timeout' });
    expect(fetcher.counts.waiting).toBe(2);
    for (const answer of answers) answer();
    const ends = await Promise.all([held, second, third, fourth]);
    expect(ends.map(({ kind }) => kind)).toEqual(['body', 'body', 'body', 'body']);
  });
});

describe('40 hosts behind TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'of %s cost one handshake each, and a short one when they are connected to again',
    async (maxVersion) => {
      const hosts = Array.from({ length: 40 }, (_, at) => `host-${at}.site.test`);
      const authority = await anAuthority('an authority of a test');
      const certificate = await aCertificate(authority, { names: ['*.site.test'] });
      const { key, cert } = certificate;
      const server = createTlsServer({ key, cert, maxVersion }, (_, response) => {
        response.end('picture');
      });
      const handshakes = { whole: 0, resumed: 0 };
      const names = new Set<unknown>();
      server.on('secureConnection', (socket: TLSSocket) => {
        if (socket.isSessionReused()) handshakes.resumed += 1;
        else handshakes.whole += 1;
        names.add(socket.servername);
      });
      const port = await listen(server);
      const fetcher = new UndiciFetcher(
        { allowPrivate: true },
        { resolve, build: (options) => dialer({ ...options, ca: authority.cert }) },
      );
      closing.unshift(() => fetcher.close());
      const visitAll = () =>
        visit(hosts, 10, async (host) => {
          for (let times = 0; times < 5; times += 1) {
            const outcome = await fetcher.fetch({ url: `https://${host}:${port}/`, ...REQUEST });
            expect(outcome).toMatchObject({ kind: 'body' });
          }
        });
      await visitAll();
      expect(handshakes).toEqual({ whole: 40, resumed: 0 });
      expect(names).toEqual(new Set(hosts));
      server.closeAllConnections();
      await expect.poll(() => fetcher.counts.sockets).toBe(0);
      await visitAll();
      expect(handshakes).toEqual({ whole: 40, resumed: 40 });
    },
  );
});
