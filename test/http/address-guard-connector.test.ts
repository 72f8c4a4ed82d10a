import { createServer, type Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NameLookupError } from '../../adapters/dns/resolve-name.ts';
import { AddressBlockedError, type AddressPolicy } from '../../adapters/http/address-guard.ts';
import { guardedConnector, type Network } from '../../adapters/http/guarded-connector.ts';
import { type Canary, openCanary } from './canary.ts';
import { PUBLIC_4, PUBLIC_6, resolverOf, SmallInternet } from './small-internet.ts';

const STRICT: AddressPolicy = { allowPrivate: false };
const OPEN: AddressPolicy = { allowPrivate: true };
/** A limit that a look-up outlasts, in milliseconds. */
const SHORT_MS = 250;

let canary: Canary;
const sockets: Socket[] = [];

beforeEach(async () => {
  canary = await openCanary();
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await canary.close();
});

interface Wanted {
  readonly hostname: string;
  readonly protocol?: string;
  readonly port?: number;
}

/** Opens a connection as undici would. */
function connect(
  { hostname, protocol = 'http:', port = canary.port }: Wanted,
  network: Network = {},
  policy = STRICT,
  timeout = 2000,
): Promise<Socket> {
  const connector = guardedConnector(policy, network, { timeout });
  return new Promise((resolve, reject) => {
    connector({ hostname, protocol, port: String(port) }, (error, socket) => {
      if (error !== null) return reject(error);
      sockets.push(socket);
      return resolve(socket);
    });
  });
}

/** A network that takes every connection somewhere else, whatever was judged. */
function detour(change: (socket: Socket) => void): Network {
  return {
    resolve: resolverOf({ 'site.test': [PUBLIC_4] }),
    build: () => (_, callback) => {
      const socket = new Socket();
      socket.once('connect', () => {
        change(socket);
        callback(null, socket);
      });
      socket.connect(canary.port, '127.0.0.1');
      sockets.push(socket);
    },
  };
}

describe('a connection', () => {
  it.each([
    ['an address', '127.0.0.1', '127.0.0.1 is loopback'],
    ['an address of IPv6', '::1', '::1 is loopback'],
    ['an address in brackets', '[::1]', '::1 is loopback'],
    ['a name of this machine', 'localhost', '127.0.0.1 is loopback'],
    ['a spelling that only the system reads', '0x7f.1', '127.0.0.1 is loopback'],
  ])('is not opened to %s inside, without any look at the URL', async (_, hostname, told) => {
    for (const protocol of ['http:', 'https:']) {
      const opened = connect({ hostname, protocol });
      await expect(opened).rejects.toThrow(AddressBlockedError);
      await expect(opened).rejects.toThrow(told);
    }
    expect(canary.connections()).toBe(0);
  });

  it('is not opened to a port that is not for the web', async () => {
    await expect(connect({ hostname: PUBLIC_4, port: 25 })).rejects.toThrow(
      'port 25 is not for the web',
    );
  });

  it('is opened to the addresses of a name that were judged, and to no other', async () => {
    const internet = new SmallInternet(resolverOf({ 'site.test': [PUBLIC_6, PUBLIC_4] }));
    internet.host(PUBLIC_6, canary.port);
    const { remoteAddress } = await connect({ hostname: 'site.test' }, internet);
    expect(remoteAddress).toBe(PUBLIC_6);
    expect(internet.dialled).toEqual([`${PUBLIC_6} ${canary.port}`]);
  });

  it.each([
    ['of one family', ['127.0.0.2', '127.0.0.3', '127.0.0.1']],
    ['of the other family', ['::1', '127.0.0.1']],
    ['behind many of the other family', [...Array<string>(1000).fill('::1'), '127.0.0.1']],
  ])('falls back on a further address %s', async (_, addresses) => {
    const server = createServer((socket) => void sockets.push(socket));
    const port = await listen(server);
    const network = { resolve: resolverOf({ 'site.test': addresses }) };
    const { remoteAddress } = await connect({ hostname: 'site.test', port }, network, OPEN);
    expect(remoteAddress).toBe('127.0.0.1');
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });

  it('is tried at a few of a thousand addresses, all of which are judged', async () => {
    const many = Array.from({ length: 999 }, (_, at) => `198.51.${101 + (at >> 8)}.${at & 255}`);
    const tried: string[] = [];
    const build: Network['build'] = (options) => (target, callback) =>
      options.lookup(target.hostname, { all: true }, (error, found) => {
        if (Array.isArray(found)) tried.push(...found.map(({ address }) => address));
        callback(error ?? new Error('enough seen'), null);
      });
    const to = (...addresses: string[]) => ({
      build,
      resolve: resolverOf({ 'site.test': addresses }),
    });
    const wanted = { hostname: 'site.test' };
    await expect(connect(wanted, to(...many, PUBLIC_6))).rejects.toThrow('enough seen');
    expect(tried).toEqual([...many.slice(0, 8), PUBLIC_6]);
    await expect(connect(wanted, to(...many, '10.0.0.1'))).rejects.toThrow('10.0.0.1 is private');
    expect(tried.length).toBe(9);
  });

  it('to a name without addresses fails as a look-up', async () => {
    const network = { resolve: resolverOf({ 'gone.test': [] }) };
    await expect(connect({ hostname: 'gone.test' }, network)).rejects.toThrow(NameLookupError);
    await expect(connect({ hostname: 'other.test' }, network)).rejects.toThrow(NameLookupError);
  });
});

describe('a connector', () => {
  it('judges the addresses of whatever name is dialled', async () => {
    const build: Network['build'] = (options) => (_, callback) =>
      options.lookup('other.test', { all: true }, (error) => {
        callback(error ?? new Error('an address was told'), null);
      });
    const resolve = resolverOf({ 'site.test': [PUBLIC_4], 'other.test': ['10.0.0.1'] });
    const opened = connect({ hostname: 'site.test' }, { build, resolve });
    await expect(opened).rejects.toThrow('10.0.0.1 is private');
  });

  it('tells of a dial that could not begin', async () => {
    const build: Network['build'] = () => () => {
      throw new Error('no socket left');
    };
    const network = { build, resolve: resolverOf({ 'site.test': [PUBLIC_4] }) };
    await expect(connect({ hostname: 'site.test' }, network)).rejects.toThrow('no socket left');
  });

  it('counts the time to connect from the end of the look-up', async () => {
    const network: Network = {
      resolve: async () => {
        await sleep(2 * SHORT_MS);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    };
    const { remoteAddress } = await connect({ hostname: 'slow.test' }, network, OPEN, SHORT_MS);
    expect(remoteAddress).toBe('127.0.0.1');
  });
});

describe('the last line', () => {
  it.each(['site.test', PUBLIC_4])(
    'ends a connection that went elsewhere: %s',
    async (hostname) => {
      const opened = connect(
        { hostname },
        detour(() => {}),
      );
      await expect(opened).rejects.toThrow(AddressBlockedError);
      expect(sockets[0]?.destroyed).toBe(true);
      expect(canary.bytes()).toBe(0);
    },
  );

  it('ends a connection to a public address of this machine', async () => {
    const toOurselves = detour((socket) => {
      Object.defineProperty(socket, 'remoteAddress', { value: PUBLIC_4 });
      Object.defineProperty(socket, 'localAddress', { value: PUBLIC_4 });
    });
    const opened = connect({ hostname: PUBLIC_4 }, toOurselves);
    await expect(opened).rejects.toThrow(`${PUBLIC_4} is this machine`);
    expect(sockets[0]?.destroyed).toBe(true);
  });

  it('gives up a connection that says no more where it went', async () => {
    const closed = detour((socket) =>
      Object.defineProperty(socket, 'remoteAddress', { value: undefined }),
    );
    const opened = connect({ hostname: PUBLIC_4 }, closed);
    await expect(opened).rejects.toThrow('closed as soon as it was open');
    await expect(opened).rejects.not.toThrow(AddressBlockedError);
  });

  it('lets through what the operator allows', async () => {
    const { remoteAddress } = await connect(
      { hostname: 'site.test' },
      detour(() => {}),
      OPEN,
    );
    expect(remoteAddress).toBe('127.0.0.1');
  });
});

describe('the names of the machine', () => {
  it.each(['a'.repeat(64), 'a.'.repeat(200)])(
    'fail as look-ups when they cannot be: %s',
    async (hostname) => {
      await expect(connect({ hostname })).rejects.toThrow(NameLookupError);
    },
  );
});

function listen(server: Server): Promise<number> {
  return new Promise((listening) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('expected a port');
      listening(address.port);
    });
  });
}
