import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import type { FetchOutcome } from '../../core/ports/fetcher.ts';
import { type Canary, openCanary } from './canary.ts';
import { resolverOf } from './small-internet.ts';
import { type Octets, SPELLINGS } from './spellings.ts';

const INSIDE: readonly Octets[] = [
  [127, 0, 0, 1],
  [127, 0, 0, 2],
  [127, 255, 255, 254],
  [0, 0, 0, 0],
  [10, 0, 0, 1],
  [169, 254, 169, 254],
  [192, 168, 1, 1],
];

const hexPairs = ([a, b, c, d]: Octets) =>
  `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;

/** IPv6 addresses that hold an IPv4 one, by the transition that would use them. */
const EMBEDDINGS: Readonly<Record<string, (octets: Octets) => string>> = {
  mapped: (octets) => `[::ffff:${octets.join('.')}]`,
  'mapped, in hexadecimal': (octets) => `[::ffff:${hexPairs(octets)}]`,
  'mapped, at full length': (octets) => `[0:0:0:0:0:FFFF:${hexPairs(octets)}]`,
  compatible: (octets) => `[::${octets.join('.')}]`,
  translated: (octets) => `[::ffff:0:${octets.join('.')}]`,
  NAT64: (octets) => `[64:ff9b::${octets.join('.')}]`,
  'NAT64 of a site': (octets) => `[64:ff9b:1::${octets.join('.')}]`,
  '6to4': (octets) => `[2002:${hexPairs(octets)}::1]`,
  Teredo: (octets) => `[2001:0:${hexPairs(octets)}::1]`,
  'Teredo, its client': ([a, b, c, d]) =>
    `[2001::${hexPairs([255 - a, 255 - b, 255 - c, 255 - d])}]`,
  ISATAP: (octets) => `[2001:db9::5efe:${octets.join('.')}]`,
  'ISATAP, globally unique': (octets) => `[2001:db9::200:5efe:${octets.join('.')}]`,
};

const IPV6 = ['::', '::1', '::2', '0:0:0:0:0:0:0:1', 'fe80::1', 'feb0::1', 'fec0::1', 'fc00::1']
  .concat(['fd00::2', 'fd00:ec2::254', 'fd20:ce::254', 'ff02::1', 'ff0e::1', '100::1'])
  .concat(['100:0:0:1::1', '2001:2::1', '2001:10::1', '2001:20::1', '2001:db8::1', '3fff::1'])
  .concat(['3ffe::1', '2d00::1', '4000::1', '5f00::1', '200::1', 'fe00::1', '2620:4f:8000::1']);

const IPV4 = ['0.1.2.3', '100.64.0.1', '100.100.100.200', '168.63.129.16', '169.254.170.2']
  .concat(['172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.0.170', '192.0.0.192', '192.0.2.1'])
  .concat(['192.88.99.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.1.1.1'])
  .concat(['240.0.0.1', '255.255.255.255']);

/** Names, and what a hostile or careless zone may say of them. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'app.localhost': ['127.0.0.1'],
  ip6: ['::1'],
  'loopback.test': ['127.0.0.1'],
  'other-loopback.test': ['127.0.0.2'],
  'zero.test': ['0.0.0.0'],
  'loopback6.test': ['::1'],
  'unspecified6.test': ['::'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'mapped-public.test': ['::ffff:8.8.8.8'],
  'nat64.test': ['64:ff9b::127.0.0.1'],
  'zoned.test': ['fe80::1%lo'],
  'private.test': ['10.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'metadata6.test': ['fd00:ec2::254'],
  'last.test': ['198.51.101.1', '198.51.101.2', '127.0.0.1'],
  'first.test': ['127.0.0.1', '198.51.101.1'],
  'two-families.test': ['198.51.101.1', '::1'],
  'other-family.test': ['2001:db9::1', '127.0.0.1'],
  '127.0.0.1.magic.test': ['127.0.0.1'],
  '7f000001.magic.test': ['127.0.0.1'],
  'xn--bcher-kva.test': ['127.0.0.1'],
  'garbage.test': ['not an address'],
  'nothing-at-all.test': [''],
};

/** The same place, said in ways that a URL parser forgives. */
const FORGIVEN: readonly ((port: number) => string)[] = [
  (port) => `HTTP://127.0.0.1:${port}/`,
  (port) => `http:127.0.0.1:${port}/`,
  (port) => `http:/127.0.0.1:${port}/`,
  (port) => `http:////127.0.0.1:${port}/`,
  (port) => `http:\\\\127.0.0.1:${port}\\`,
  (port) => ` \thttp://127.0.0.1:${port}/\n`,
  (port) => `ht\ntp://127.0.\t0.1:${port}/`,
  (port) => `http://127.0.0.1:0000000${port}/`,
  (port) => `https://127.0.0.1:${port}/`,
  (port) => `http://127.0.0.1:${port}?@site.test/`,
  (port) => `http://127.0.0.1:${port}#@site.test/`,
  (port) => `http://127.0.0.1:${port}\\@site.test/`,
  (port) => `http://site.test@127.0.0.1:${port}/`,
  (port) => `http://site.test:80@127.0.0.1:${port}/`,
  (port) => `http://me:secret@[::1]:${port}/`,
  (port) => `http://ＬＯＣＡＬＨＯＳＴ:${port}/`,
  (port) => `http://loc%61lhost:${port}/`,
  (port) => `http://bücher.test:${port}/`,
];

const PORTS = ['http://site.test:22/', 'http://site.test:25/', 'http://site.test:0/']
  .concat(['https://site.test:6379/', 'http://198.51.101.1:11211/', 'http://[2001:db9::1]:2375/'])
  .concat(['http://site.test:10080/', 'http://site.test:6000/', 'http://127.0.0.1:80/']);

const spelt = INSIDE.flatMap((octets) =>
  Object.values({ ...SPELLINGS, ...EMBEDDINGS }).map((spell) => spell(octets)),
);
const hosts = [...new Set([...spelt, ...IPV6.map((one) => `[${one}]`), ...IPV4])];

let canary: Canary;
let guarded: UndiciFetcher;
let open: UndiciFetcher;

beforeAll(async () => {
  canary = await openCanary();
  const resolve = resolverOf({ ...NAMES, 'site.test': ['198.51.101.1'] });
  guarded = new UndiciFetcher({ allowPrivate: false }, { resolve });
  open = new UndiciFetcher({ allowPrivate: true }, { resolve });
});

afterAll(async () => {
  await Promise.all([guarded.close(), open.close()]);
  await canary.close();
});

function ask(fetcher: UndiciFetcher, url: string): Promise<FetchOutcome> {
  const request = { timeoutMs: 5000, maxBytes: 1000, perHost: 1, userAgent: 'test/1' };
  return fetcher.fetch({ url, ...request });
}

async function expectBlocked(url: string): Promise<void> {
  const before = canary.connections();
  const outcome = await ask(guarded, url);
  expect(outcome).toMatchObject({ kind: 'failed', reason: 'address-blocked' });
  expect(canary.connections() - before).toBe(0);
}

describe('nobody is asked', () => {
  it.each(hosts)('at the address %s', (host) => expectBlocked(`http://${host}:${canary.port}/`));

  it.each(Object.keys(NAMES))('behind the name %s', (name) =>
    expectBlocked(`http://${name}:${canary.port}/`),
  );

  it.each(FORGIVEN.map((write) => [write(8080), write] as const))('by %j', (_, write) =>
    expectBlocked(write(canary.port)),
  );

  it.each(PORTS)('at the port of %s', (url) => expectBlocked(url));

  it('over more than two hundred ways', () => {
    const ways = hosts.length + Object.keys(NAMES).length + FORGIVEN.length + PORTS.length;
    expect(ways).toBeGreaterThan(200);
    expect(canary.connections()).toBe(0);
  });
});

describe('credentials in a URL', () => {
  it.each(['me:secret@', 'me@', ':secret@'])(
    'are never sent, whatever is allowed: %s',
    async (user) => {
      const before = canary.connections();
      const outcome = await ask(open, `http://${user}127.0.0.1:${canary.port}/`);
      expect(outcome).toMatchObject({ reason: 'address-blocked' });
      expect(JSON.stringify(outcome)).not.toContain('me:secret');
      expect(canary.connections() - before).toBe(0);
    },
  );
});

describe('the same place is reached when the operator allows it', () => {
  const here = Object.entries(SPELLINGS).map(([name, spell]) => [name, spell([127, 0, 0, 1])]);

  it.each([
    ...here,
    ['a name', 'loopback.test'],
    ['a name of its own machine', 'app.localhost'],
    ['a name with a dot at the end', 'localhost.'],
    ['any address of this machine', '0.0.0.0'],
  ])('%s', async (_, host) => {
    const outcome = await ask(open, `http://${host}:${canary.port}/`);
    expect(outcome).toMatchObject({ kind: 'body', body: Buffer.from('secret') });
    expect(canary.connections()).toBeGreaterThan(0);
  });
});
