import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, urlsOf } from './records.ts';
import { failure, image, slow, status } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 3);
const [u0 = '', u1 = '', u2 = ''] = URLS;
const SITE = { [u0]: [image('a')], [u1]: [failure('timeout'), image('b')], [u2]: [image('c')] };
const TASK = aTask('w0-g1-0', URLS);
/** Long enough for the queue to have forgotten a deduplication id. */
const FORGOTTEN_MS = 5 * 60 * 1000 + 1;

describe('a task that is sent twice', () => {
  it('does nothing the second time when it was done', async () => {
    const world = new World(SITE);
    await world.begin([TASK]);
    await world.drain();
    const { length } = world.site.visits;
    await world.clock.advance(FORGOTTEN_MS);
    await world.queue.send([TASK]);
    await world.drain();
    expect(world.site.visits).toHaveLength(length);
    await expectExact(world, URLS);
  });

  it('is worked once when both copies come in one batch', async () => {
    const world = new World(SITE);
    await world.begin([TASK]);
    await world.clock.advance(FORGOTTEN_MS);
    await world.queue.send([TASK]);
    await world.drain();
    expect(world.site.visits).toHaveLength(4);
    await expectExact(world, URLS);
  });

  it('is not held done while its first copy is open, though the second one is gone', async () => {
    const world = new World({ ...SITE, [u1]: [slow(8000, image('b'))] });
    await world.begin([TASK]);
    await world.clock.advance(FORGOTTEN_MS);
    await world.queue.send([TASK]);
    const seen: unknown[] = [];
    world.clock.schedule(7000, async () => {
      const { ended } = await world.progress();
      seen.push({ size: world.fifo.size, ended, open: world.result(u1) });
    });
    const ends = await world.deliver();
    expect(seen).toEqual([{ size: 1, ended: false, open: undefined }]);
    expect(ends?.map(({ end }) => end.kind)).toEqual(['done', 'done']);
    expect(world.fifo.size).toBe(0);
    await expectExact(world, URLS);
  });
});

describe('a URL in two tasks of one batch', () => {
  const shared = [aTask('w0-g1-0', [u0, u1]), aTask('w1-g1-0', [u1, u2])];

  it('is fetched by one of them, and the sums count it once', async () => {
    const world = new World({ ...SITE, [u1]: [image('b')] });
    await world.begin(shared);
    const ends = await world.deliver();
    expect(ends?.map(({ end }) => end.kind)).toEqual(['done', 'done']);
    expect(world.site.asked(u1)).toBe(1);
    await expectExact(world, URLS);
  });

  it('is summed once too when it needs a second try', async () => {
    const world = new World(SITE);
    await world.begin(shared);
    await world.drain();
    expect(world.site.asked(u1)).toBe(2);
    await expectExact(world, URLS);
  });

  it('is not lost when one is the rest of the other, and neither can settle it yet', async () => {
    const quiet = status(429, { 'retry-after': '30' });
    const world = new World({ ...SITE, [u1]: [quiet, image('b')] });
    const task = aTask('w0-g1-0', [u0, u1]);
    await world.begin([task]);
    const change = { generation: 1, targets: [{ url: u1, tries: 1 }] };
    await world.queue.send([aTask(`r-${task.group}-x`, [u1], change)]); // and then its maker died
    const ends = await world.deliver();
    expect(ends?.map(({ end }) => end.kind)).toEqual(['done', 'done']);
    expect(world.result(u1)).toBeUndefined();
    await world.drain();
    expect(world.site.asked(u1)).toBe(2);
    await expectExact(world, [u0, u1]);
  });

  it('is fetched once when it is twice in one task', async () => {
    const world = new World({ [u0]: [image('a')] });
    await world.begin([aTask('w0-g1-0', [u0, u0])]);
    await world.drain();
    expect(world.site.asked(u0)).toBe(1);
    await expectExact(world, [u0]);
  });

  it('is not fetched by a later task at all', async () => {
    const world = new World({ ...SITE, [u1]: [image('b')] }, { perGroup: 'one' });
    await world.begin(shared);
    await world.drain();
    expect(world.site.asked(u1)).toBe(1);
    await expectExact(world, URLS);
  });
});
