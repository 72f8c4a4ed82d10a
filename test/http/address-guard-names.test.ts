import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AddressPolicy } from '../../adapters/http/address-guard.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import type { FetchOutcome } from '../../core/ports/fetcher.ts';
import { type Canary, openCanary } from './canary.ts';
import { type Answer, NameServer, type Zone } from './name-server.ts';
import { PUBLIC_4, PUBLIC_6, SmallInternet } from './small-internet.ts';

const OTHER_4 = '198.51.101.2';

const says =
  (...addresses: string[]) =>
  () => ({ addresses });
const failsWith = (code: 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED') => () => ({ code });

let canary: Canary;
let site: Server;
let internet: SmallInternet;
let nameServer: NameServer;
let fetcher: UndiciFetcher;

beforeEach(async () => {
  canary = await openCanary();
  site = createServer((_, response) => void response.end('public'));
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
});

afterEach(async () => {
  await fetcher.close();
  await nameServer.close();
  await new Promise((closed) => site.close(closed));
  await canary.close();
});

/** A fetcher on the small internet whose names are told by a zone; nothing is kept of an answer. */
async function withZone(
  zone: Zone,
  limits: { readonly minKeepMs?: number; readonly timeoutMs?: number } = {},
  policy: AddressPolicy = { allowPrivate: false },
): Promise<void> {
  nameServer = await NameServer.open(zone);
  const { minKeepMs = 0, timeoutMs = 5000 } = limits;
  // All is judged that a name says, however busy the machine is.
  const resolve = nameServer.resolver({
    graceMs: timeoutMs,
    timeoutMs,
    retryMs: Math.min(timeoutMs, 200),
  });
  internet = new SmallInternet(resolve, { minKeepMs });
  const address = site.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  for (const one of [PUBLIC_4, OTHER_4, PUBLIC_6]) internet.host(one, address.port);
  fetcher = new UndiciFetcher(policy, internet);
}

function ask(host: string, perHost = 1): Promise<FetchOutcome> {
  const request = { timeoutMs: 5000, maxBytes: 1000, userAgent: 'test/1' };
  return fetcher.fetch({ url: `http://${host}:${canary.port}/`, perHost, ...request });
}

const asked = (question: string) => nameServer.asked.filter((one) => one === question).length;

describe('a name that leads inside', () => {
  const zones: Readonly<Record<string, (type: 'A' | 'AAAA') => Answer>> = {
    'private alone': says('10.0.0.1'),
    'loopback alone': says('127.0.0.1'),
    'loopback of IPv6 alone': says('::1'),
    'private after public': says(PUBLIC_4, '127.0.0.1'),
    'private before public': says('127.0.0.1', PUBLIC_4),
    'private among public': says(PUBLIC_4, OTHER_4, '127.0.0.1', '198.51.101.3'),
    'A public, AAAA private': says(PUBLIC_4, '::1'),
    'A private, AAAA public': says('127.0.0.1', PUBLIC_6),
    'A public, AAAA mapped': says(PUBLIC_4, '::ffff:7f00:1'),
    'A public, AAAA for NAT64 of loopback': says(PUBLIC_4, '64:ff9b::7f00:1'),
    'A public, AAAA of 6to4': says(PUBLIC_4, '2002:7f00:1::1'),
    'an alias': () => ({ addresses: ['127.0.0.1'], aliases: ['inside.test'] }),
    'a chain of aliases': () => ({
      addresses: ['127.0.0.1'],
      aliases: ['a.test', 'b.test', 'c.test', 'd.test'],
    }),
    'the last of sixty': says(
      ...Array.from({ length: 59 }, (_, at) => `198.51.101.${at + 1}`),
      '10.0.0.1',
    ),
  };

  it.each(Object.keys(zones))('is refused wholly: %s', async (name) => {
    const answer = zones[name];
    if (answer === undefined) throw new Error('expected an answer');
    await withZone({ 'rogue.test': answer });
    const outcome = await ask('rogue.test');
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'address-blocked' });
    expect(asked('A rogue.test')).toBe(1);
    expect(internet.dialled).toEqual([]);
    expect(canary.connections()).toBe(0);
  });

  it('is reached when the operator allows it', async () => {
    await withZone({ 'rogue.test': says('127.0.0.1') }, {}, { allowPrivate: true });
    expect(await ask('rogue.test')).toMatchObject({ kind: 'body', body: Buffer.from('secret') });
    expect(canary.connections()).toBe(1);
  });
});

describe('a name of the open network', () => {
  it.each([
    ['A', says(PUBLIC_4), PUBLIC_4],
    ['AAAA', says(PUBLIC_6), PUBLIC_6],
    ['both', says(PUBLIC_6, PUBLIC_4), PUBLIC_4],
    ['an alias', () => ({ addresses: [OTHER_4], aliases: ['cdn.test'] }), OTHER_4],
  ])('is reached at the address that was judged: %s', async (_, answer, dialled) => {
    await withZone({ 'site.test': answer });
    expect(await ask('site.test')).toMatchObject({ kind: 'body', body: Buffer.from('public') });
    expect(internet.dialled).toEqual([`${dialled} ${canary.port}`]);
  });

  it('is reached when one family fails', async () => {
    await withZone({
      'site.test': (type) => (type === 'A' ? { addresses: [PUBLIC_4] } : { code: 'SERVFAIL' }),
    });
    expect(await ask('site.test')).toMatchObject({ kind: 'body' });
  });
});

describe('a name that changes its answer', () => {
  const turns = (type: 'A' | 'AAAA', before: number): Answer => {
    const addresses = before === 0 ? [PUBLIC_4] : ['127.0.0.1'];
    return { addresses: type === 'A' ? addresses : [] };
  };

  it('gains nothing between look-up and connection: there is one look-up', async () => {
    await withZone({ 'rogue.test': turns });
    expect(await ask('rogue.test')).toMatchObject({ kind: 'body', body: Buffer.from('public') });
    expect(asked('A rogue.test')).toBe(1);
    expect(internet.dialled).toEqual([`${PUBLIC_4} ${canary.port}`]);
  });

  it('is judged again for each further connection', async () => {
    await withZone({ 'rogue.test': turns });
    const outcomes = [await ask('rogue.test', 1), await ask('rogue.test', 2)];
    expect(outcomes).toMatchObject([{ kind: 'body' }, { reason: 'address-blocked' }]);
    expect(asked('A rogue.test')).toBe(2);
    expect(canary.connections()).toBe(0);
  });

  it('stays what it was judged to be while the answer is kept', async () => {
    await withZone({ 'rogue.test': turns }, { minKeepMs: 60_000 });
    const outcomes = [await ask('rogue.test', 1), await ask('rogue.test', 2)];
    expect(outcomes).toMatchObject([{ kind: 'body' }, { kind: 'body' }]);
    expect(internet.dialled).toEqual([`${PUBLIC_4} ${canary.port}`, `${PUBLIC_4} ${canary.port}`]);
    expect(canary.connections()).toBe(0);
  });

  it('at every question never leads inside, whenever it is asked', async () => {
    const flips = (_: unknown, before: number) => ({
      addresses: [before % 2 === 0 ? PUBLIC_4 : '127.0.0.1'],
    });
    await withZone({ 'rogue.test': flips });
    const outcomes: FetchOutcome[] = [];
    // Another number of connections is another pool, and so another connection.
    for (let perHost = 1; perHost <= 20; perHost += 1) {
      outcomes.push(await ask('rogue.test', perHost));
    }
    const kinds = outcomes.map((one) => (one.kind === 'failed' ? one.reason : one.kind));
    expect(new Set(kinds)).toEqual(new Set(['body', 'address-blocked']));
    expect(new Set(internet.dialled)).toEqual(new Set([`${PUBLIC_4} ${canary.port}`]));
    expect(canary.connections()).toBe(0);
  });
});

describe('a name without an address', () => {
  it.each([
    ['does not exist', failsWith('NXDOMAIN'), 'gone.test does not exist (NXDOMAIN)'],
    ['fails', failsWith('SERVFAIL'), 'could not resolve it (SERVFAIL)'],
    ['is refused by its server', failsWith('REFUSED'), 'refused the query (REFUSED)'],
    ['has no record', says(), 'gone.test has no address (no A or AAAA record)'],
    ['is an alias of nothing', () => ({ addresses: [], aliases: ['x.test'] }), 'has no address'],
  ])('has no answer, and the target is tried again later: it %s', async (_, answer, told) => {
    await withZone({ 'gone.test': answer });
    const outcome = await ask('gone.test');
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'dns-failed' });
    expect(outcome).toMatchObject({ detail: expect.stringContaining('gone.test') });
    expect(outcome).toMatchObject({ detail: expect.stringContaining(told) });
  });

  it('is given up when its servers keep silent', async () => {
    await withZone({ 'slow.test': () => 'silence' }, { timeoutMs: 50 });
    const outcome = await ask('slow.test');
    expect(outcome).toMatchObject({ reason: 'dns-failed' });
    expect(outcome).toMatchObject({ detail: 'slow.test not looked up: timed out after 50 ms' });
  });

  it('holds nobody else up', async () => {
    await withZone(
      { 'slow.test': () => 'silence', 'site.test': says(PUBLIC_4) },
      { timeoutMs: 500 },
    );
    const slow = ask('slow.test');
    expect(await ask('site.test')).toMatchObject({ kind: 'body' });
    expect(await slow).toMatchObject({ reason: 'dns-failed' });
  });
});

describe('the load on name servers', () => {
  it('is one look-up for connections that are opened together', async () => {
    await withZone({ 'site.test': says(PUBLIC_4) });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => ask('site.test', 6)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(6).fill('body'));
    expect(asked('A site.test')).toBe(1);
    expect(internet.dialled.length).toBeGreaterThan(1);
  });
});
