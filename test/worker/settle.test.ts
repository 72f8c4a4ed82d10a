import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { failure, image, page, status } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 60);
const SITE = Object.fromEntries(URLS.map((url) => [url, [image(url)]]));
const [u0 = '', u1 = ''] = URLS;

describe('a worker', () => {
  it('settles every target once and marks the task as done', async () => {
    const world = new World(SITE);
    await world.begin([aTask('w0-g1-0', URLS)]);
    const [worked] = (await world.deliver()) ?? [];
    expect(worked?.end).toEqual({ kind: 'done' });
    expect(world.ledger.results.writes(RUN_ID)).toHaveLength(URLS.length);
    await expectExact(world, URLS);
  });

  it.each([1, 2, 7, 24])('is done soon after the last of %i targets', async (count) => {
    const urls = URLS.slice(0, count);
    const world = new World(SITE, { latencyMs: 50 });
    await world.begin([aTask('w0-g1-0', urls)]);
    const beganMs = world.clock.now();
    await world.deliver();
    const [last] = world.site.visits.slice(-1);
    // A tenth of a second, in which the last results are written.
    expect(world.clock.now() - (last?.atMs ?? beganMs)).toBeLessThanOrEqual(50 + 100);
  });

  it.each([
    ['an image', image('a'), 'succeeded', null],
    ['a page', page(), 'failed', 'not-an-image'],
    ['404', status(404), 'failed', 'not-found'],
    ['403', status(403), 'failed', 'forbidden'],
    ['418', status(418), 'failed', 'client-error'],
    ['204', status(204), 'failed', 'unexpected-status'],
    ['a broken certificate', failure('tls-failed'), 'failed', 'tls-failed'],
    ['a private address', failure('address-blocked'), 'failed', 'address-blocked'],
    ['too many bytes', failure('too-large'), 'failed', 'too-large'],
  ] as const)('settles %s at once', async (_, answer, end, reason) => {
    const world = new World({ [u0]: [answer] });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    expect(world.result(u0)).toMatchObject({ status: end, reason, attempts: 1 });
    await expectExact(world, [u0]);
  });

  it('keeps what it learned of an image, and the image', async () => {
    const world = new World({ [u0]: [image('a')] });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    const result = world.result(u0);
    expect(result).toMatchObject({ format: 'png', width: 2, height: 1, bytes: 5, httpStatus: 200 });
    expect(new TextDecoder().decode(world.images.read(result?.file ?? ''))).toBe('img a');
  });

  it('keeps one picture once, whatever its addresses', async () => {
    const world = new World({ [u0]: [image('same')], [u1]: [image('same')] });
    await world.begin([aTask('w0-g1-0', [u0, u1])]);
    await world.drain();
    expect(world.images.size).toBe(1);
    await expectExact(world, [u0, u1]);
  });

  it('asks a host for no more at once than the run allows', async () => {
    const world = new World(SITE, { latencyMs: 50, settings: { perHost: 2 } });
    await world.begin([aTask('w0-g1-0', URLS)]);
    await world.drain();
    expect(world.site.mostAtOnce).toBe(2);
  });

  it('keeps the pace of a host across the tasks of a batch', async () => {
    const world = new World(SITE, { settings: { delayMs: 1000 } });
    await world.begin([aTask('w0-g1-0', URLS.slice(0, 5)), aTask('w1-g1-0', URLS.slice(5, 10))]);
    await world.drain();
    const times = world.site.visits.map(({ atMs }) => atMs);
    expect(times.slice(1).every((time, at) => time - (times[at] ?? 0) >= 1000)).toBe(true);
  });

  it('follows a redirect and says where it ended', async () => {
    const world = new World({ [u0]: [status(302, { location: '/1.png' })], [u1]: [image('b')] });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    expect(world.result(u0)).toMatchObject({ status: 'succeeded', finalUrl: u1, attempts: 1 });
  });

  it('settles before the end of a long task, and says how far it is', async () => {
    const world = new World(SITE, { settings: { perHost: 1 }, latencyMs: 1000 });
    await world.begin([aTask('w0-g1-0', URLS)]);
    const job = world.deliver();
    job.catch(() => {});
    await world.clock.advance(30_000);
    const { succeeded, ended } = await world.progress();
    expect(succeeded).toBeGreaterThan(20);
    expect(ended).toBe(false);
    await job;
    await expectExact(world, URLS);
  });

  it('that dies leaves the next one only what was not settled', async () => {
    const [last = ''] = URLS.slice(-1);
    const world = new World(
      { ...SITE, [last]: ['killer', image('z')] },
      { settings: { perHost: 1 }, latencyMs: 100 },
    );
    await world.begin([aTask('w0-g1-0', URLS)]);
    expect(await world.deliver()).toBeUndefined();
    const kept = world.results.length;
    expect(kept).toBeGreaterThanOrEqual(50);
    const before = world.site.visits.length;
    await world.drain();
    expect(world.site.visits.length - before).toBe(URLS.length - kept);
    await expectExact(world, URLS);
  });
});

describe('a cancelled run', () => {
  it('settles what is left as skipped, without a request', async () => {
    const world = new World(SITE);
    await world.begin([aTask('w0-g1-0', URLS)], { cancelled: true });
    await world.drain();
    expect(world.site.visits).toEqual([]);
    expect(await world.progress()).toMatchObject({
      state: 'cancelled',
      skipped: 60,
      reasons: { cancelled: 60 },
    });
    await expectExact(world, URLS);
  });

  it('stops within seconds of the word', async () => {
    const world = new World(SITE, { settings: { perHost: 1 }, latencyMs: 1000 });
    await world.begin([aTask('w0-g1-0', URLS)]);
    const job = world.deliver();
    job.catch(() => {});
    await world.clock.advance(10_500);
    await world.change({ cancelled: true });
    await job;
    expect(world.site.visits.length).toBeLessThanOrEqual(16);
    await expectExact(world, URLS);
  });

  it('settles what comes back later as skipped, without a request', async () => {
    const world = new World({ [u0]: [status(429, { 'retry-after': '60' })], [u1]: [image('b')] });
    await world.begin([aTask('w0-g1-0', [u0, u1])]);
    await world.deliver();
    await world.change({ cancelled: true });
    await world.drain();
    expect(world.site.asked(u0)).toBe(1);
    expect(world.result(u0)).toMatchObject({ status: 'skipped', reason: 'cancelled', attempts: 1 });
    await expectExact(world, [u0, u1]);
  });
});
