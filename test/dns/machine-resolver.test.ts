import { afterEach, describe, expect, it } from 'vitest';
import type { DnsConfig } from '../../adapters/dns/dns-config.ts';
import { type MachineParts, machineResolver } from '../../adapters/dns/machine-resolver.ts';
import { nameLookupError, type ResolveName } from '../../adapters/dns/resolve-name.ts';
import { systemLookups } from '../../adapters/dns/system-lookups.ts';
import { type Answer, NameServer, type Zone } from '../http/name-server.ts';

const FOUR = '198.51.101.1';
const SIX = '2001:db9::1';
const NO_HOSTS = { addressesOf: () => undefined };

/** Limits under which a failure is told at once. */
const SOON: MachineParts = { limits: { retryMs: 20 } };

const servers: NameServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function open(zone: Zone): Promise<NameServer> {
  const server = await NameServer.open(zone);
  servers.push(server);
  return server;
}

const says =
  (address: string, more: object = {}) =>
  (): Answer => ({ addresses: [address], ...more });

const notPlanned: ResolveName = (hostname) => {
  throw new Error(`the system was asked for ${hostname}`);
};

/** A machine with these name servers, and no other source of names. */
function machineWith(
  addresses: readonly string[],
  config: Partial<DnsConfig> = {},
  parts: MachineParts = {},
): ResolveName {
  const read = (): DnsConfig => ({
    servers: addresses,
    search: [],
    ndots: 1,
    families: [4, 6],
    ...config,
  });
  return machineResolver({ config: read, hosts: NO_HOSTS, system: notPlanned, ...parts });
}

const addressesOf = async (resolved: ReturnType<ResolveName>) =>
  (await resolved).map(({ address }) => address);

describe('both families', () => {
  it('are asked for at once, and IPv4 comes first', async () => {
    const server = await open({
      'site.test': (type) =>
        type === 'A' ? { addresses: [FOUR], ttl: 60 } : { addresses: [SIX], ttl: 30 },
    });
    const resolve = server.resolver({ graceMs: 1000 });
    expect(await resolve('site.test')).toEqual([
      { address: FOUR, family: 4, ttlMs: 60_000 },
      { address: SIX, family: 6, ttlMs: 30_000 },
    ]);
    expect([...server.asked].sort()).toEqual(['A site.test', 'AAAA site.test']);
  });

  const failing: Readonly<Record<string, Answer>> = {
    silence: 'silence',
    SERVFAIL: { code: 'SERVFAIL' },
    REFUSED: { code: 'REFUSED' },
    FORMERR: { code: 'FORMERR' },
    'no record': { addresses: [] },
    'the record of the other family': { addresses: [FOUR], isOfBothFamilies: true },
  };
  it.each([...Object.entries(failing), ['NXDOMAIN', { code: 'NXDOMAIN' }] as const])(
    'have one that is found without the other: A beside %s of AAAA',
    async (_, answer) => {
      const server = await open({
        'site.test': (type) => (type === 'A' ? { addresses: [FOUR] } : answer),
      });
      expect(await addressesOf(server.resolver()('site.test'))).toEqual([FOUR]);
    },
  );

  it.each(Object.entries(failing).filter(([name]) => !name.startsWith('the record')))(
    'have one that is found without the other: AAAA beside %s of A',
    async (_, answer) => {
      const server = await open({
        'site.test': (type) => (type === 'A' ? answer : { addresses: [SIX] }),
      });
      expect(await addressesOf(server.resolver({ timeoutMs: 300 })('site.test'))).toEqual([SIX]);
    },
  );

  it.each([
    ['has none', { addresses: [] }, 60_000],
    ['fails', { code: 'SERVFAIL' }, undefined],
  ] as const)('are kept for their TTL only when both are known: A %s', async (_, four, ttlMs) => {
    const server = await open({
      'site.test': (type) => (type === 'A' ? four : { addresses: [SIX], ttl: 60 }),
    });
    const [found] = await server.resolver()('site.test');
    expect(found?.ttlMs).toBe(ttlMs);
  });

  it('are waited for as long as A takes, since a machine may have no route of IPv6', async () => {
    const server = await open({
      'site.test': (type) =>
        type === 'A' ? { addresses: [FOUR], delayMs: 120 } : { addresses: [SIX] },
    });
    const resolve = server.resolver({ graceMs: 1 });
    expect(await addressesOf(resolve('site.test'))).toEqual([FOUR, SIX]);
  });

  it.each([
    [4, 'A site.test', FOUR],
    [6, 'AAAA site.test', SIX],
  ] as const)('are not asked for when the machine has only IPv%i', async (family, asked, found) => {
    const server = await open({ 'site.test': () => ({ addresses: [FOUR, SIX] }) });
    const resolve = machineWith([server.address], { families: [family] });
    expect(await addressesOf(resolve('site.test'))).toEqual([found]);
    expect(server.asked).toEqual([asked]);
    await expect(resolve('gone.test')).rejects.toThrow('gone.test does not exist (NXDOMAIN)');
  });
});

describe('an answer', () => {
  it('that is too long for a packet is asked for again over TCP', async () => {
    const many = Array.from({ length: 200 }, (_, at) => `198.51.101.${at}`);
    const server = await open({
      'site.test': () => ({ addresses: [...many, SIX], isTruncated: true }),
    });
    const resolve = server.resolver({ graceMs: 1000 });
    expect((await resolve('site.test')).length).toBe(201);
  });

  it('to the first query still counts after it was repeated', async () => {
    const repeated = Promise.withResolvers<Answer>();
    const server = await open({
      'slow.test': (_, before) => {
        if (before === 0) return repeated.promise;
        repeated.resolve({ addresses: [FOUR] });
        return 'silence';
      },
    });
    const resolve = server.resolver({ retryMs: 50 });
    expect(await addressesOf(resolve('slow.test'))).toEqual([FOUR]);
  });

  it('to a repeated query is found when a packet was lost', async () => {
    const server = await open({
      'site.test': (_, before) => (before === 0 ? 'silence' : { addresses: [FOUR] }),
    });
    const resolve = server.resolver({ retryMs: 50 });
    expect(await addressesOf(resolve('site.test'))).toEqual([FOUR]);
  });
});

describe('many names', () => {
  const names = Array.from({ length: 540 }, (_, at) => `${at}.test`);

  it('are asked for at once', async () => {
    const some = names.slice(0, 200);
    const all = Promise.withResolvers<Answer>();
    const asked = new Set<string>();
    const ask = (name: string) => () => {
      if (asked.add(name).size === some.length) all.resolve({ addresses: [FOUR] });
      return all.promise;
    };
    const server = await open(Object.fromEntries(some.map((name) => [name, ask(name)])));
    const resolve = server.resolver();
    const found = await Promise.all(some.map((name) => addressesOf(resolve(name))));
    expect(found).toEqual(some.map(() => [FOUR]));
  });

  it('all resolve through a slow server: the time in line does not count', async () => {
    const some = names.slice(0, 48);
    const answer = says(FOUR, { delayMs: 50 });
    const server = await open(Object.fromEntries(some.map((name) => [name, answer])));
    // The last ones wait longer than they have.
    const limits = { namesAtOnce: 4, timeoutMs: 500, retryMs: 500, graceMs: 0 };
    const resolve = server.resolver(limits);
    const found = await Promise.all(some.map((name) => addressesOf(resolve(name))));
    expect(found).toEqual(some.map(() => [FOUR]));
  });

  it('do not wait for two of a hundred that nobody answers for', async () => {
    const late = Promise.withResolvers<Answer>();
    const isDead = (name: string) => Number.parseInt(name, 10) % 50 === 0;
    const zone = names.map(
      (name) => [name, isDead(name) ? () => late.promise : says(FOUR)] as const,
    );
    const server = await open(Object.fromEntries(zone));
    const resolve = server.resolver({ timeoutMs: 60_000 });
    const ended: string[] = [];
    const work = names.map((name) => resolve(name).finally(() => ended.push(name)));
    await Promise.all(work.filter((_, at) => !isDead(`${at}`)));
    expect(ended.filter(isDead)).toEqual([]);
    late.resolve({ addresses: [FOUR] });
    await Promise.all(work);
  });
});

describe('several name servers', () => {
  it('are asked in their order', async () => {
    const [first, second] = [await open({ 'a.test': says(FOUR) }), await open({})];
    const resolve = machineWith([first.address, second.address]);
    expect(await addressesOf(resolve('a.test'))).toEqual([FOUR]);
    await expect(resolve('gone.test')).rejects.toThrow('NXDOMAIN');
    expect(second.asked).toEqual([]);
  });

  it.each(['SERVFAIL', 'REFUSED'] as const)('help a name out of %s of the first', async (code) => {
    const first = await open({ 'a.test': () => ({ code }), 'b.test': says(FOUR) });
    const second = await open({ 'a.test': says(FOUR) });
    const resolve = machineWith([first.address, second.address]);
    expect(await addressesOf(resolve('a.test'))).toEqual([FOUR]);
    expect(await addressesOf(resolve('b.test'))).toEqual([FOUR]);
    expect(second.asked).not.toContain('A b.test');
  });

  it('tell what the first one said when none helps', async () => {
    const first = await open({ 'a.test': () => ({ code: 'SERVFAIL' }) });
    const second = await open({ 'a.test': () => ({ code: 'REFUSED' }) });
    const resolve = machineWith([first.address, second.address], {}, SOON);
    await expect(resolve('a.test')).rejects.toThrow(
      'a.test not looked up: the name server could not resolve it (SERVFAIL)',
    );
  });

  it.each(['SERVFAIL', 'REFUSED'] as const)('are asked again after %s of all', async (code) => {
    const server = await open({
      'a.test': (_, before) => (before === 0 ? { code } : { addresses: [FOUR] }),
    });
    expect(await addressesOf(machineWith([server.address], {}, SOON)('a.test'))).toEqual([FOUR]);
  });

  it('go on without a silent first one, which is asked again later', async () => {
    let nowMs = 0;
    const silent = await open({ 'a.test': () => 'silence', 'b.test': () => 'silence' });
    const good = await open({ 'a.test': says(FOUR), 'b.test': says(FOUR), 'c.test': says(FOUR) });
    const limits = { retryMs: 300, preferMs: 30_000, graceMs: 0 };
    const addresses = [silent.address, good.address];
    const resolve = machineWith(addresses, {}, { limits, now: () => nowMs });
    expect(await addressesOf(resolve('a.test'))).toEqual([FOUR]);
    expect(await addressesOf(resolve('b.test'))).toEqual([FOUR]);
    expect(silent.asked).toContain('A a.test');
    expect(silent.asked).not.toContain('A b.test');
    nowMs = 30_000;
    await expect(resolve('c.test')).rejects.toThrow('NXDOMAIN'); // as the first one says
  });

  it('go on at once without one that is not there', async () => {
    const gone = await NameServer.open({});
    const { address } = gone;
    await gone.close();
    const good = await open({ 'a.test': says(FOUR) });
    const resolve = machineWith([address, good.address], {}, { limits: { retryMs: 60_000 } });
    expect(await addressesOf(resolve('a.test'))).toEqual([FOUR]);
    await expect(machineWith([address], {}, SOON)('a.test')).rejects.toThrow(
      'a.test not looked up: no name server could be reached (ECONNREFUSED)',
    );
  });

  it('are those of the settings as they are now', async () => {
    const [home, office] = [await open({ 'a.test': says(FOUR) }), await open({})];
    let server = office;
    const config = (): DnsConfig => ({
      servers: [server.address],
      search: [],
      ndots: 1,
      families: [4],
    });
    const resolve = machineResolver({ config, hosts: NO_HOSTS, system: notPlanned });
    await expect(resolve('a.test')).rejects.toThrow('NXDOMAIN');
    server = home;
    expect(await addressesOf(resolve('a.test'))).toEqual([FOUR]);
  });
});

describe('the search list', () => {
  const SEARCH = { search: ['first.example', 'second.example'] };

  it.each([
    ['a name without a dot', 'db', 1, ['db.first.example', 'db.second.example', 'db']],
    ['a name with few dots', 'db.ns', 5, ['db.ns', 'db.ns.first.example', 'db.ns.second.example']],
    ['a name with enough dots', 'www.gone.test', 2, ['www.gone.test']],
    ['an absolute name', 'db.', 1, ['db']],
    ['a name without a dot when none is needed', 'db', 0, ['db']],
  ])('is used for %s', async (_, name, ndots, asked) => {
    const server = await open({});
    const config = { ...SEARCH, ndots, families: [4] as const };
    const system: ResolveName = (hostname) => Promise.reject(nameLookupError(hostname, 'ENODATA'));
    await expect(machineWith([server.address], config, { system })(name)).rejects.toThrow();
    expect(server.asked).toEqual(asked.map((one) => `A ${one}`));
  });

  it('ends at the first domain that has the name', async () => {
    const server = await open({ 'db.second.example': says(FOUR), db: says('198.51.101.9') });
    const resolve = machineWith([server.address], SEARCH);
    expect(await addressesOf(resolve('db'))).toEqual([FOUR]);
  });
});

describe('names that are not of the DNS', () => {
  it.each(['localhost', 'LOCALHOST', 'localhost.', 'shop.localhost'])(
    'are this machine without a question: %s',
    async (name) => {
      const server = await open({});
      const hosts = { addressesOf: () => [{ address: FOUR, family: 4 }] };
      const resolve = machineWith([server.address], {}, { hosts });
      expect(await addressesOf(resolve(name))).toEqual(['127.0.0.1', '::1']);
      expect(server.asked).toEqual([]);
    },
  );

  it('are taken from the hosts file before the DNS', async () => {
    const server = await open({ 'site.test': says(FOUR) });
    const listed = new Map([['site.test', [{ address: SIX, family: 6 }]]]);
    const hosts = { addressesOf: (name: string) => listed.get(name) };
    const resolve = machineWith([server.address], {}, { hosts });
    expect(await addressesOf(resolve('Site.test.'))).toEqual([SIX]);
    expect(server.asked).toEqual([]);
  });

  it.each(['printer.local', '0x7f.1', '127.1'])(
    'are left to the system at once: %s',
    async (name) => {
      const server = await open({});
      const system = async () => [{ address: FOUR, family: 4 }];
      const resolve = machineWith([server.address], {}, { system });
      expect(await addressesOf(resolve(name))).toEqual([FOUR]);
      expect(server.asked).toEqual([]);
    },
  );

  it('are left to the system when they have no dot and the DNS knows none', async () => {
    const server = await open({});
    const system: ResolveName = async (name) => {
      if (name !== 'nas') throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
      return [{ address: FOUR, family: 4 }];
    };
    const resolve = machineWith([server.address], {}, { system });
    expect(await addressesOf(resolve('nas'))).toEqual([FOUR]);
    expect(server.asked).toContain('A nas');
    await expect(resolve('gone')).rejects.toThrow('gone does not exist (NXDOMAIN)');
  });

  it('hold up no name of the DNS while the system is silent', async () => {
    const server = await open({ 'site.test': says(FOUR) });
    const answer = Promise.withResolvers<Awaited<ReturnType<ResolveName>>>();
    const parts = { system: () => answer.promise, limits: { namesAtOnce: 1 } };
    const resolve = machineWith([server.address], {}, parts);
    const silent = ['a.local', 'b.local', 'c.local'].map((name) => addressesOf(resolve(name)));
    expect(await addressesOf(resolve('site.test'))).toEqual([FOUR]);
    answer.resolve([{ address: SIX, family: 6 }]);
    expect(await Promise.all(silent)).toEqual([[SIX], [SIX], [SIX]]);
  });
});

describe('the system', () => {
  it('is asked for two names at once, and a late one keeps its thread', async () => {
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const resolve = systemLookups(30, (name) => {
      begun.push(name);
      return new Promise((found) => ends.push(() => found([{ address: SIX, family: 6 }])));
    });
    const [a, b, c] = ['a.local', 'b.local', 'c.local'].map((name) => addressesOf(resolve(name)));
    await expect(a).rejects.toThrow('a.local not looked up: timed out after 30 ms');
    await expect(b).rejects.toThrow('b.local not looked up: timed out after 30 ms');
    expect(begun).toEqual(['a.local', 'b.local']);
    ends[0]?.();
    await expect.poll(() => begun.length).toBe(3);
    ends[2]?.();
    expect(await c).toEqual([SIX]);
  });

  it('knows the names of this machine', async () => {
    expect(await addressesOf(systemLookups(5000)('localhost'))).toContain('127.0.0.1');
  });
});
