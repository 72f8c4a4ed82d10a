import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Network } from '../../adapters/http/guarded-connector.ts';
import { NoSocketError } from '../../adapters/http/network-failure.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';

const REQUEST = { timeoutMs: 5000, maxBytes: 1000, perHost: 2, userAgent: 'test/1' };

const failure = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

/** What the connector calls back with, one after the other. */
let failures: Error[] = [];
const network: Network = {
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  build: () => (_, callback) => {
    const next = failures.shift();
    if (next === undefined) throw new Error('expected no further connection');
    queueMicrotask(() => callback(next, null));
  },
};

let fetcher: UndiciFetcher;
beforeEach(() => {
  failures = [];
  fetcher = new UndiciFetcher({ allowPrivate: true }, network);
});
afterEach(() => fetcher.close());

describe('a socket that the system refuses', () => {
  it.each([
    ['EMFILE', failure('EMFILE')],
    ['ENFILE', failure('ENFILE')],
    [
      'EMFILE',
      new AggregateError([failure('ENETUNREACH'), failure('EMFILE')], 'one address and another'),
    ],
  ])('is an infrastructure error: %s', async (code, error) => {
    failures = [error];
    const fetched = fetcher.fetch({ url: 'http://site.test/', ...REQUEST });
    await expect(fetched).rejects.toThrow(NoSocketError);
    await expect(fetched).rejects.toThrow(code);
    expect(fetcher.counts).toEqual({ sockets: 0, idle: 0, waiting: 0, origins: 0 });
  });

  it('is one for all requests that waited for the connection', async () => {
    failures = [failure('EMFILE')];
    const fetched = Array.from({ length: 3 }, () =>
      fetcher.fetch({ url: 'https://site.test/', ...REQUEST }),
    );
    const ends = await Promise.allSettled(fetched);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('is told from a site that refuses the connection', async () => {
    failures = [failure('ECONNREFUSED')];
    const outcome = await fetcher.fetch({ url: 'http://site.test/', ...REQUEST });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'connection-failed' });
  });
});
