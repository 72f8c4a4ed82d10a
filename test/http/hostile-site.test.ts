import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRsl } from '../../adapters/html/read-rsl.ts';
import { UndiciFetcher } from '../../adapters/http/undici-fetcher.ts';
import { inspectImage } from '../../adapters/image/inspect-image.ts';
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
import { visit } from '../../core/visit/visit.ts';
import { aRun } from '../worker/records.ts';
import { HOSTILE_BEHAVIOURS } from './hostile-behaviours.ts';
import { HostileSite } from './hostile-site.ts';

const PICTURE = readFileSync('cli/demo/pictures/0.jpg');
const TIMEOUT_MS = 2000;
const settings = { ignoreRobots: false, timeoutMs: TIMEOUT_MS, maxBytes: 5_000_000 };

let site: HostileSite;
const fetcher = new UndiciFetcher({ allowPrivate: true });
const gate = new HostGate({
  clock,
  hosts: new Hosts(clock),
  slots: new Slots(100),
  fetcher,
  ledger: new MemoryHostLedger(),
  observer: SILENT_OBSERVER,
  random: Math.random,
});
const robots = new RobotsPolicy({ clock, gate });
const stored: string[] = [];

beforeAll(async () => {
  site = await HostileSite.start(PICTURE);
});
afterAll(() => site.close());

function go(name: string) {
  const limits: RequestLimits = {
    notAfterMs: Number.POSITIVE_INFINITY,
    isCancelled: async () => false,
    budget: { round: 'run-1 0', attempts: 3 },
    keeper: { keepHost() {}, keepHostNow: async () => {} },
  };
  return visit({ url: site.url(name) }, aRun([], settings), limits, {
    clock,
    gate,
    cookies: new Cookies(clock, () => undefined),
    robots,
    rights: new RightsPolicy({ clock, gate, readRsl }),
    inspectImage,
    imageStore: {
      put: async (_, { url }) => {
        stored.push(url);
        return { file: 'kept' };
      },
    },
    ...PLAIN_IMAGES,
  });
}

describe('a hostile server', () => {
  it('has at least forty ways', () => {
    expect(HOSTILE_BEHAVIOURS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(HOSTILE_BEHAVIOURS.map(({ name }) => name)).size).toBe(
      HOSTILE_BEHAVIOURS.length,
    );
  });

  it.concurrent.each(HOSTILE_BEHAVIOURS)('$name: $reason', async ({ name, reason }) => {
    const beganMs = performance.now();
    const ended = await go(name);
    expect(ended).toMatchObject({ kind: 'ended', reason });
    expect(performance.now() - beganMs).toBeLessThan(TIMEOUT_MS + 30_000);
    expect(stored.includes(site.url(name))).toBe(reason === null);
  });
});

describe('after all of it', () => {
  it('no connection is left when the fetcher is closed', async () => {
    await fetcher.close();
    await expect.poll(() => site.open).toBe(0);
  });
});
