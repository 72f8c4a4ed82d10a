import { describe, expect, it } from 'vitest';
import type { HostOrders } from '../../core/model/host-order.ts';
import { expectExact } from './expect-exact.ts';
import { aTask, urlsOf } from './records.ts';
import { image, status, textOf } from './scripted-site.ts';
import { World } from './world.ts';

const SLOWED = urlsOf('a.test', 40);
const OTHERS = urlsOf('b.test', 40);
const ALL = [...SLOWED, ...OTHERS];
const fine = Object.fromEntries(ALL.map((url) => [url, [image('a')]]));
const TASKS = [
  aTask('w0-g1-0', SLOWED.slice(0, 20)),
  aTask('w0-g1-1', SLOWED.slice(20)),
  aTask('w0-g2-0', OTHERS),
];
/** How long workers may take to see what is ordered, in milliseconds. */
const SEEN_MS = 5000;

interface Order {
  readonly atMs: number;
  readonly hostOrders: HostOrders;
}

/** A run with a second between two requests to a host, in which orders are given. */
async function crawled(orders: readonly Order[], replaceAtMs?: number) {
  const world = new World(fine, { settings: { delayMs: 1000 } });
  const startMs = world.clock.now();
  await world.begin(TASKS);
  for (const { atMs, hostOrders } of orders)
    void world.clock.sleep(atMs).then(() => world.change({ hostOrders }));
  if (replaceAtMs !== undefined) await world.deliver(10, replaceAtMs);
  world.replaceWorker();
  await world.drain();
  const timesOf = (host: string) =>
    world.site.visits.filter(({ url }) => url.includes(host)).map(({ atMs }) => atMs - startMs);
  return { world, timesOf };
}

function gapsOf(times: readonly number[]): readonly number[] {
  return times.slice(1).map((atMs, at) => atMs - (times[at] ?? 0));
}

describe('a host that is stopped while a run is in progress', () => {
  it('is not asked again, and its open URLs end as skips with that reason', async () => {
    const stop = { 'a.test': { kind: 'stop' } } as const;
    const { world, timesOf } = await crawled([{ atMs: 10_000, hostOrders: stop }]);
    expect(Math.max(...timesOf('a.test'))).toBeLessThanOrEqual(10_000 + SEEN_MS);
    const skipped = world.results.filter(({ reason }) => reason === 'host-stopped');
    expect(skipped.length + timesOf('a.test').length).toBe(SLOWED.length);
    expect(skipped[0]).toMatchObject({ status: 'skipped', attempts: 0, detail: 'by crawl stop' });
    expect(timesOf('b.test')).toHaveLength(OTHERS.length);
    await expectExact(world, ALL);
  });

  it('is not asked at all by a run that is resumed with the order, not even for its robots.txt', async () => {
    const world = new World(
      { ...fine, 'https://b.test/robots.txt': [status(404)] },
      { settings: { ignoreRobots: false } },
    );
    await world.begin(TASKS, { hostOrders: { 'a.test': { kind: 'stop' } } });
    await world.drain();
    expect(world.site.visits.filter(({ url }) => url.includes('a.test'))).toEqual([]);
    expect(world.results.filter(({ reason }) => reason === 'host-stopped')).toHaveLength(40);
    await expectExact(world, ALL);
  });

  it('is not asked where another host redirects to it', async () => {
    const [first = ''] = OTHERS;
    const moved = status(302, { location: 'https://a.test/0.png' });
    const world = new World({ ...fine, [first]: [moved] });
    await world.begin([aTask('w0-g2-0', [first])], { hostOrders: { 'a.test': { kind: 'stop' } } });
    await world.drain();
    expect(world.result(first)).toMatchObject({ reason: 'host-stopped' });
    expect(world.site.visits).toHaveLength(1);
  });

  it('does not wait for the end of a pause', async () => {
    const quiet = status(503, { 'retry-after': '600' });
    const world = new World({ ...fine, [SLOWED[0] ?? '']: [quiet] }, { settings: { perHost: 1 } });
    const startMs = world.clock.now();
    await world.begin([aTask('w0-g1-0', SLOWED)]);
    await world.deliver();
    await world.change({ hostOrders: { 'a.test': { kind: 'stop' } } });
    await world.drain();
    expect(world.site.visits.length).toBeLessThan(SLOWED.length);
    expect(world.clock.now() - startMs).toBeLessThan(1_200_000);
    await expectExact(world, SLOWED);
  });
});

describe('a host that is slowed while a run is in progress', () => {
  it.each([undefined, 20_000])(
    'is asked at that rate from then on, by the next worker too (replaced after %s ms)',
    async (replaceAtMs) => {
      const slow = { 'a.test': { kind: 'slow', ratePerS: 0.2 } } as const;
      const { world, timesOf } = await crawled([{ atMs: 8000, hostOrders: slow }], replaceAtMs);
      const later = timesOf('a.test').filter((atMs) => atMs >= 8000 + SEEN_MS);
      expect(later.length).toBeGreaterThan(20);
      expect(Math.min(...gapsOf(later))).toBeGreaterThanOrEqual(5000);
      expect(Math.max(...gapsOf(timesOf('b.test')))).toBeLessThan(2000);
      await expectExact(world, ALL);
    },
  );

  it('is asked as before when that is taken back', async () => {
    const slow = { '*.test': { kind: 'slow', ratePerS: 0.2 } } as const;
    const orders = [
      { atMs: 0, hostOrders: slow },
      { atMs: 60_000, hostOrders: {} },
    ];
    const { world, timesOf } = await crawled(orders);
    const before = timesOf('a.test').filter((atMs) => atMs >= SEEN_MS && atMs < 60_000);
    const later = timesOf('a.test').filter((atMs) => atMs > 60_000 + 2 * SEEN_MS);
    expect(Math.min(...gapsOf(before))).toBeGreaterThanOrEqual(5000);
    expect(Math.max(...gapsOf(later))).toBeLessThan(2000);
    await expectExact(world, ALL);
  });
});

describe('a Crawl-delay above the usual ceiling', () => {
  const script = {
    ...fine,
    'https://a.test/robots.txt': [textOf('User-agent: *\nCrawl-delay: 60')],
  };
  const some = SLOWED.slice(0, 6);

  it.each([
    [undefined, 0, 'crawl-delay-too-long'],
    [60_000, 6, null],
  ])('with a ceiling of %s ms: %i requests, %s', async (maxCrawlDelayMs, requests, reason) => {
    const world = new World(script, { settings: { ignoreRobots: false, maxCrawlDelayMs } });
    await world.begin([aTask('w0-g1-0', some)]);
    await world.drain();
    const times = world.site.visits.map(({ atMs }) => atMs);
    expect(times).toHaveLength(1 + requests);
    expect(new Set(world.results.map((result) => result.reason))).toEqual(new Set([reason]));
    for (const gap of gapsOf(times)) expect(gap).toBeGreaterThanOrEqual(60_000);
    await expectExact(world, some);
  });
});
