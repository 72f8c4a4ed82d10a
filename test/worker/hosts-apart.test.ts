import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { type Answer, failure, image, type SiteScript, slow, status } from './scripted-site.ts';
import { World, type WorldOptions } from './world.ts';

const LIVE = [...urlsOf('a.example', 20), ...urlsOf('b.example', 20)];
const BUSY = urlsOf('busy.example', 12);
const DEAD = urlsOf('dead.example', 50);
const ROBOTS = 'https://dead.example/robots.txt';
/** What an attempt to connect takes that comes to nothing, in milliseconds. */
const CONNECT_MS = 5000;
const GROUP = { group: 'g1' };

function siteOf(urls: readonly string[], ...first: readonly Answer[]): SiteScript {
  return Object.fromEntries(urls.map((url) => [url, [...first, image(url)]]));
}

/** Names, one of this list and one of that in turn, as a list of the web has them. */
function mixed(some: readonly string[], others: readonly string[]): readonly string[] {
  const length = Math.max(some.length, others.length);
  const pairs = Array.from({ length }, (_, at) => [some[at], others[at]]);
  return pairs.flat().filter((url) => url !== undefined);
}

/** When each of these URLs was last asked for, in milliseconds after the first request of all. */
function lastAsked(world: World, urls: readonly string[]): readonly number[] {
  const [first] = world.site.visits;
  return urls.map((url) => {
    const last = world.site.visits.findLast((visit) => visit.url === url);
    return (last?.atMs ?? Number.NaN) - (first?.atMs ?? 0);
  });
}

describe('a host that answers 429 with Retry-After: 45', () => {
  const script = {
    ...siteOf(LIVE),
    ...siteOf(BUSY),
    [BUSY[0] ?? '']: [status(429, { 'retry-after': '45' }), image('busy')],
  };

  it('delays its own targets, and no other host of its group and its task', async () => {
    const world = new World(script, { latencyMs: 50 });
    await world.begin([aTask('w0-g1-0', mixed(BUSY, LIVE), GROUP)]);
    await world.drain();
    expect(Math.max(...lastAsked(world, LIVE))).toBeLessThan(5000);
    expect(Math.min(...lastAsked(world, BUSY))).toBeGreaterThanOrEqual(45_000);
    expect(Math.max(...lastAsked(world, BUSY))).toBeLessThan(52_000);
    expect(world.results.every(({ status: end }) => end === 'succeeded')).toBe(true);
    await expectExact(world, [...BUSY, ...LIVE]);
  });

  it('costs its other targets no attempt', async () => {
    const world = new World(script, { latencyMs: 50 });
    await world.begin([aTask('w0-g1-0', mixed(BUSY, LIVE), GROUP)]);
    await world.drain();
    const attempts = BUSY.map((url) => world.result(url)?.attempts);
    expect(attempts).toEqual([2, ...BUSY.slice(1).map(() => 1)]);
  });

  it('gives its group back at once: its targets come by the queue of deferred tasks', async () => {
    const world = new World(script, { latencyMs: 50, perGroup: 'one' });
    const [first, second] = [mixed(BUSY, LIVE.slice(0, 20)), LIVE.slice(20)];
    await world.begin([aTask('w0-g1-0', first, GROUP), aTask('w0-g1-1', second, GROUP)]);
    await world.stream(1);
    expect(world.fifo.size).toBe(0);
    expect(world.results.map(({ url }) => url).toSorted()).toEqual(LIVE.toSorted());
    const [seen] = world.site.visits;
    const dueMs = (world.queue.nextReleaseMs() ?? 0) - (seen?.atMs ?? 0);
    expect(dueMs).toBeGreaterThanOrEqual(45_000);
    expect(dueMs).toBeLessThan(47_000);
    await world.drain();
    await expectExact(world, [...BUSY, ...LIVE]);
  });

  it('is left alone by the worker that gets its targets back early', async () => {
    const world = new World(script, { latencyMs: 50 });
    await world.begin([aTask('w0-g1-0', BUSY, GROUP)]);
    await world.stream();
    world.replaceWorker();
    await world.clock.advance(10_000);
    world.queue.release(Number.POSITIVE_INFINITY);
    await world.drain();
    expect(Math.min(...lastAsked(world, BUSY))).toBeGreaterThanOrEqual(45_000);
    await expectExact(world, BUSY);
  });
});

describe('a host that is not there', () => {
  const dead = [slow(CONNECT_MS, failure('connection-failed'))];
  const script = {
    ...siteOf(LIVE),
    ...Object.fromEntries(DEAD.map((url) => [url, dead])),
    [ROBOTS]: dead,
    'https://a.example/robots.txt': [status(404)],
    'https://b.example/robots.txt': [status(404)],
  };
  const worldOf = (options: WorldOptions = {}) => new World(script, { latencyMs: 50, ...options });

  it('costs three contacts for fifty URLs, which end with the reason of the network', async () => {
    const world = worldOf();
    await world.begin([aTask('w0-g1-0', mixed(DEAD, LIVE), GROUP)]);
    await world.drain();
    expect(world.site.visitsOf('dead.example')).toHaveLength(3);
    expect(DEAD.map((url) => world.result(url)?.reason)).toEqual(
      DEAD.map(() => 'connection-failed'),
    );
    expect(DEAD.map((url) => world.result(url)?.status)).toEqual(DEAD.map(() => 'failed'));
    await expectExact(world, [...DEAD, ...LIVE]);
  });

  it('is contacted at intervals of five seconds and more, and given up in half a minute', async () => {
    const world = worldOf();
    await world.begin([aTask('w0-g1-0', DEAD, GROUP)]);
    const beganMs = world.clock.now();
    await world.drain();
    const times = world.site.visitsOf('dead.example').map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0) - CONNECT_MS);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5000);
    expect(world.clock.now() - beganMs).toBeLessThan(60_000);
  });

  it('delays no host that shares its group and its task', async () => {
    const world = worldOf();
    await world.begin([aTask('w0-g1-0', mixed(DEAD, LIVE), GROUP)]);
    await world.drain();
    expect(Math.max(...lastAsked(world, LIVE))).toBeLessThan(CONNECT_MS);
  });

  it('costs three requests for its robots.txt where that is asked first, and no attempt', async () => {
    const world = worldOf({ settings: { ignoreRobots: false } });
    await world.begin([aTask('w0-g1-0', mixed(DEAD, LIVE), GROUP)]);
    await world.drain();
    expect(world.site.visitsOf('dead.example').map(({ url }) => url)).toEqual(
      Array(3).fill(ROBOTS),
    );
    for (const url of DEAD)
      expect(world.result(url)).toMatchObject({
        status: 'failed',
        reason: 'connection-failed',
        attempts: 0,
        detail: expect.stringMatching(/^host given up: .*scripted$/),
      });
    expect(Math.max(...lastAsked(world, LIVE))).toBeLessThan(CONNECT_MS);
    await expectExact(world, [...DEAD, ...LIVE]);
  });

  it('costs one contact in a run of one attempt', async () => {
    const world = worldOf({ settings: { attempts: 1 } });
    await world.begin([aTask('w0-g1-0', DEAD, GROUP)]);
    await world.drain();
    expect(world.site.visitsOf('dead.example')).toHaveLength(1);
    await expectExact(world, DEAD);
  });

  it('costs three contacts of all its tasks and all their workers together', async () => {
    const world = worldOf({ perGroup: 'one' });
    const tasks = [0, 10, 20, 30, 40].map((from) =>
      aTask(`w0-g1-${from}`, DEAD.slice(from, from + 10), GROUP),
    );
    await world.begin(tasks);
    for (let more = true; more; more = world.fifo.depth() > 0 || (await world.waitForReturn())) {
      await world.deliver(1);
      world.replaceWorker();
    }
    expect(world.site.visitsOf('dead.example')).toHaveLength(3);
    await expectExact(world, DEAD);
  });

  it('is contacted again in the next round', async () => {
    const [url = ''] = DEAD;
    const world = worldOf({ settings: { attempts: 1 } });
    await world.begin([aTask('w0-g1-0', [url], GROUP)]);
    await world.drain();
    await world.queue.send([aTask('w1-g1-0', [url], { ...GROUP, round: 1 })]);
    await world.drain();
    expect(world.site.visitsOf('dead.example')).toHaveLength(2);
    expect(world.result(url)).toMatchObject({ reason: 'connection-failed', round: 1 });
  });

  it('is asked for all its URLs when its third contact is answered', async () => {
    const refused = failure('connection-failed');
    const robots: Answer[] = [refused, refused, status(404)];
    const world = new World(
      { ...siteOf(DEAD), [ROBOTS]: robots },
      { latencyMs: 50, settings: { ignoreRobots: false } },
    );
    await world.begin([aTask('w0-g1-0', DEAD, GROUP)]);
    await world.drain();
    expect(world.site.asked(ROBOTS)).toBe(3);
    expect(
      world.results.every(({ status: end, attempts }) => end === 'succeeded' && attempts === 1),
    ).toBe(true);
    await expectExact(world, DEAD);
  });

  it('is given up at its first contact where its certificate is not valid', async () => {
    const broken = Object.fromEntries(DEAD.map((url) => [url, [failure('tls-failed')]]));
    const world = new World(broken, { latencyMs: 50 });
    await world.begin([aTask('w0-g1-0', DEAD, GROUP)]);
    await world.drain();
    expect(world.site.visits).toHaveLength(1);
    expect(world.results.every(({ reason }) => reason === 'tls-failed')).toBe(true);
    expect(world.ledger.tasks.all(RUN_ID)).toHaveLength(1);
    await expectExact(world, DEAD);
  });
});

describe('a host that dies while it is crawled', () => {
  it('costs five silences, and then one contact more', async () => {
    const [first = '', ...others] = urlsOf('a.example', 60);
    const silent = Object.fromEntries(others.map((url) => [url, [failure('timeout')]]));
    const world = new World(
      { [first]: [image('a')], ...silent },
      { latencyMs: 50, settings: { perHost: 1 } },
    );
    await world.begin([aTask('w0-g1-0', [first, ...others])]);
    await world.drain();
    expect(world.site.visits).toHaveLength(1 + 5 + 1);
    expect(others.map((url) => world.result(url)?.reason)).toEqual(others.map(() => 'timeout'));
    await expectExact(world, [first, ...others]);
  });
});
