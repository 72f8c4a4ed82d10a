import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, urlsOf } from './records.ts';
import { image, status } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.test', 12);
const fine = Object.fromEntries(URLS.map((url) => [url, [image('a')]]));
const TASKS = [aTask('w0-g1-0', URLS.slice(0, 6)), aTask('w0-g1-1', URLS.slice(6))];

/** Least time between two requests that the site saw, in milliseconds. */
function leastGapMs(world: World): number {
  const starts = world.site.visits.map(({ atMs }) => atMs);
  return Math.min(...starts.slice(1).map((atMs, at) => atMs - (starts[at] ?? 0)));
}

describe('a delay between requests', () => {
  it('holds from one worker to the next', async () => {
    const world = new World(fine, { settings: { delayMs: 2000 } });
    await world.begin(TASKS);
    while (world.fifo.depth() > 0) {
      await world.deliver(1);
      world.replaceWorker();
    }
    expect(world.site.visits).toHaveLength(URLS.length);
    expect(leastGapMs(world)).toBeGreaterThanOrEqual(2000);
    await expectExact(world, URLS);
  });

  it.each(Array.from({ length: 50 }, (_, at) => at + 1))(
    'holds when the worker dies at its call %i and is replaced at once',
    async (atCall) => {
      const world = new World(fine, {
        settings: { delayMs: 2000 },
        deaths: [{ atCall, when: 'after' }],
        visibilityMs: 1000,
      });
      await world.begin(TASKS);
      await world.drain();
      expect(leastGapMs(world)).toBeGreaterThanOrEqual(2000);
      await expectExact(world, URLS);
    },
  );
});

describe('a host that asked for quiet', () => {
  it('has it from the next worker too', async () => {
    const world = new World({
      ...fine,
      [URLS[0] ?? '']: [status(503, { 'retry-after': '600' }), image('a')],
    });
    await world.begin(TASKS);
    await world.deliver(1);
    const askedMs = world.clock.now();
    world.replaceWorker();
    await world.drain();
    const later = world.site.visits.filter(({ atMs }) => atMs > askedMs);
    expect(Math.min(...later.map(({ atMs }) => atMs)) - askedMs).toBeGreaterThanOrEqual(600_000);
    await expectExact(world, URLS);
  });
});
