import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRsl } from '../../adapters/html/read-rsl.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import { MemoryHostLedger } from '../../adapters/memory/memory-host-ledger.ts';
import { PLAIN_IMAGES } from '../../adapters/memory/plain-images.ts';
import { SILENT_OBSERVER } from '../../adapters/memory/silent-observer.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { Cookies } from '../../core/cookies/cookies.ts';
import { HostGate } from '../../core/hosts/host-gate.ts';
import { Hosts } from '../../core/hosts/hosts.ts';
import type { RequestLimits } from '../../core/hosts/request-limits.ts';
import { Slots } from '../../core/hosts/slots.ts';
import { RightsPolicy } from '../../core/policies/rights-policy.ts';
import { RobotsPolicy } from '../../core/policies/robots-policy.ts';
import type { Fetcher } from '../../core/ports/fetcher.ts';
import { visit } from '../../core/visit/visit.ts';
import type { NotAsked, VisitOutcome } from '../../core/visit/visit-outcome.ts';
import { aRun } from '../worker/records.ts';
import { type Canary, openCanary } from './canary.ts';
import { PUBLIC_4, PUBLIC_6, resolverOf, SmallInternet } from './small-internet.ts';
import { type Octets, SPELLINGS } from './spellings.ts';

const LOOPBACK: Octets = [127, 0, 0, 1];

/** What a site of the open network answers with, and why the visit ends there. */
type Case = readonly [name: string, location: (port: number) => string, reason: string];

const blocked = (name: string, location: (port: number) => string): Case => {
  return [name, location, 'address-blocked'];
};

const TO_ADDRESSES: readonly Case[] = [
  ...Object.entries(SPELLINGS)
    .map(([name, spell]) => [name, inHeader(spell(LOOPBACK))] as const)
    .map(([name, host]) => blocked(name, (port) => `http://${host}:${port}/secret`)),
  blocked('IPv6', (port) => `http://[::1]:${port}/`),
  blocked('mapped', (port) => `http://[::ffff:7f00:1]:${port}/`),
  blocked('NAT64', (port) => `http://[64:ff9b::127.0.0.1]:${port}/`),
  blocked('6to4', (port) => `http://[2002:7f00:1::]:${port}/`),
  blocked('any address of this machine', (port) => `http://0.0.0.0:${port}/`),
  blocked('metadata', () => 'http://169.254.169.254/latest/meta-data/'),
  blocked('no scheme', (port) => `//127.0.0.1:${port}/`),
  blocked('backslashes', (port) => `\\\\127.0.0.1:${port}\\`),
  blocked('another scheme', (port) => `https://127.0.0.1:${port}/`),
  blocked('another scheme and family', (port) => `https://[::1]:${port}/`),
];

const TO_NAMES: readonly Case[] = [
  blocked('a private name', (port) => `http://inside.test:${port}/`),
  blocked('a private name, secured', (port) => `https://inside.test:${port}/`),
  blocked('a name of IPv6', (port) => `http://inside6.test:${port}/`),
  blocked('a name of both kinds', (port) => `http://both.test:${port}/`),
  blocked('a name of both families', (port) => `http://families.test:${port}/`),
  blocked('localhost', (port) => `http://localhost:${port}/`),
  blocked('localhost with a dot', (port) => `http://localhost.:${port}/`),
  blocked('a chain to the inside', () => '/hop/3'),
  blocked('a chain over other hosts', () => 'http://other.test/over'),
];

const ELSEWHERE: readonly Case[] = [
  blocked('the port of mail', () => 'http://site.test:25/'),
  blocked('the port of a cache', () => 'http://site.test:6379/'),
  blocked('the port of containers', () => 'https://other.test:2375/'),
  blocked('a port of another family', () => `http://[${PUBLIC_6}]:22/`),
  ['credentials', (port) => `http://me:secret@127.0.0.1:${port}/`, 'bad-redirect'],
  ['a host as a user', (port) => `http://site.test@127.0.0.1:${port}/`, 'bad-redirect'],
  ['a file', () => 'file:///etc/passwd', 'bad-redirect'],
  ['FTP', (port) => `ftp://127.0.0.1:${port}/`, 'bad-redirect'],
  ['gopher', (port) => `gopher://127.0.0.1:${port}/_GET`, 'bad-redirect'],
  ['a zone', (port) => `http://[fe80::1%25lo]:${port}/`, 'bad-redirect'],
];

const CASES = [...TO_ADDRESSES, ...TO_NAMES, ...ELSEWHERE];
const STATUSES = [301, 302, 303, 307, 308];

const NAMES = {
  'site.test': [PUBLIC_4],
  'other.test': [PUBLIC_6],
  'inside.test': ['127.0.0.1'],
  'inside6.test': ['::1'],
  'both.test': [PUBLIC_4, '127.0.0.1'],
  'families.test': [PUBLIC_6, '127.0.0.1'],
  localhost: ['127.0.0.1', '::1'],
};

let canary: Canary;
let site: Server;
let internet: SmallInternet;
let guarded: UndiciFetcher;
let open: UndiciFetcher;

beforeAll(async () => {
  canary = await openCanary();
  site = createServer((request, response) => {
    const [, kind, at] = (request.url ?? '').split('/');
    const status = STATUSES[Number(at) % STATUSES.length];
    response.writeHead(status ?? 302, { location: locationOf(kind, Number(at)) }).end();
  });
  const port = await listen(site);
  internet = new SmallInternet(resolverOf(NAMES));
  internet.host(PUBLIC_4, port);
  internet.host(PUBLIC_6, port);
  guarded = new UndiciFetcher({ allowPrivate: false }, internet);
  open = new UndiciFetcher({ allowPrivate: true }, internet);
});

afterAll(async () => {
  await Promise.all([guarded.close(), open.close()]);
  await new Promise((closed) => site.close(closed));
  await canary.close();
});

/** A header holds ASCII; a URL may have the rest in escapes. */
function inHeader(host: string): string {
  return host.replace(/[^\x20-\x7e]+/g, encodeURIComponent);
}

function locationOf(kind: string | undefined, at: number): string {
  if (kind === 'hop') return at > 1 ? `/hop/${at - 1}` : `http://127.0.0.1:${canary.port}/`;
  if (kind === 'over') return `http://site.test/hop/2`;
  return CASES[at]?.[1](canary.port) ?? '/';
}

function listen(server: Server): Promise<number> {
  return new Promise((listening) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('expected a port');
      listening(address.port);
    });
  });
}

/** A visit as the worker makes it, with nothing but the picture's ends left out. */
function go(url: string, fetcher: Fetcher): Promise<VisitOutcome | NotAsked> {
  const limits: RequestLimits = {
    notAfterMs: Infinity,
    isCancelled: async () => false,
    budget: { round: 'run-1 0', attempts: 3 },
    keeper: { keepHost() {}, keepHostNow: async () => {} },
  };
  const gate = new HostGate({
    clock,
    hosts: new Hosts(clock),
    slots: new Slots(1),
    fetcher,
    ledger: new MemoryHostLedger(),
    observer: SILENT_OBSERVER,
    random: () => 0,
  });
  return visit({ url }, aRun([]), limits, {
    clock,
    gate,
    cookies: new Cookies(clock, () => undefined),
    robots: new RobotsPolicy({ clock, gate }),
    rights: new RightsPolicy({ clock, gate, readRsl }),
    inspectImage: () => ({ kind: 'image', facts: { format: 'png', width: 1, height: 1 } }),
    imageStore: { put: async (_, { bytes }) => ({ file: Buffer.from(bytes).toString() }) },
    ...PLAIN_IMAGES,
  });
}

describe('a redirect from the open network', () => {
  it.each(CASES.map(([name, , reason], at) => [name, at, reason] as const))(
    'to %s leads nowhere',
    async (_, at, reason) => {
      const ended = await go(`http://site.test/to/${at}`, guarded);
      expect(ended).toMatchObject({ kind: 'ended', status: 'failed', reason });
      expect(canary.connections()).toBe(0);
    },
  );

  it('tells what was refused, and where', async () => {
    const ended = await go(`http://other.test/hop/1`, guarded);
    expect(ended).toMatchObject({
      reason: 'address-blocked',
      facts: {
        detail: '127.0.0.1 is loopback (RFC 1122)',
        finalUrl: `http://127.0.0.1:${canary.port}/`,
      },
    });
  });

  it('to another host of the open network is followed', async () => {
    const dialled = internet.dialled.length;
    const fetcher = new UndiciFetcher({ allowPrivate: false }, internet);
    const ended = await go('http://other.test/over', fetcher);
    await fetcher.close();
    expect(ended).toMatchObject({ facts: { finalUrl: `http://127.0.0.1:${canary.port}/` } });
    const there = new Set(internet.dialled.slice(dialled));
    expect([...there]).toEqual([`${PUBLIC_6} http:`, `${PUBLIC_4} http:`]);
  });

  it.each([...TO_ADDRESSES, ...TO_NAMES].filter(reachable).map(([name]) => name))(
    'to %s leads there when the operator allows it',
    async (name) => {
      const at = CASES.findIndex(([one]) => one === name);
      const ended = await go(`http://site.test/to/${at}`, open);
      expect(ended).toMatchObject({ status: 'succeeded', facts: { file: 'secret' } });
      expect(canary.connections()).toBeGreaterThan(0);
    },
  );
});

/** Over plain HTTP and to 127.0.0.1, where the canary answers on any machine. */
function reachable([name, location, reason]: Case): boolean {
  const url = URL.parse(location(8080), 'http://site.test/');
  const hosts = ['127.0.0.1', 'inside.test', 'localhost'];
  const isHere = url?.protocol === 'http:' && hosts.includes(url.hostname);
  return reason === 'address-blocked' && (isHere || name === 'a chain to the inside');
}
