import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { image } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = [...urlsOf('a.test', 12), ...urlsOf('b.test', 12)];
const TASKS = [
  aTask('w0-g1-0-0', URLS.slice(0, 6)),
  aTask('w0-g1-1-0', URLS.slice(6, 12)),
  aTask('w0-g2-0-0', URLS.slice(12)),
];
const fine = Object.fromEntries(URLS.map((url) => [url, [image('a')]]));
/** How long workers may take to see an order, in milliseconds. */
const SEEN_MS = 5000;

/** A run with a second between two requests to a host, in which everything is stopped after four. */
async function stopped() {
  const world = new World(fine, { settings: { delayMs: 1000 } });
  const startMs = world.clock.now();
  await world.begin(TASKS);
  void world.clock.sleep(4000).then(() => {
    world.ledger.runs.isStopped = true;
  });
  await world.drain();
  return { world, startMs };
}

describe('when everything is stopped', () => {
  it('nothing more is asked within seconds, nothing is settled for that, and no message is left', async () => {
    const { world, startMs } = await stopped();
    const asked = world.site.visits.map(({ atMs }) => atMs - startMs);
    expect(Math.max(...asked)).toBeLessThanOrEqual(4000 + SEEN_MS);
    expect(world.results).toHaveLength(asked.length);
    expect(new Set(world.results.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    expect(asked.length).toBeLessThan(URLS.length);
    expect(world.fifo.size).toBe(0);
    expect((await world.progress()).ended).toBe(false);
  });

  it('nothing is lost and nothing asked again when its tasks are sent again', async () => {
    const { world } = await stopped();
    world.ledger.runs.isStopped = false;
    await world.queue.send(TASKS, 'again');
    await world.drain();
    expect(world.site.visits).toHaveLength(URLS.length);
    expect(world.ledger.results.writes(RUN_ID)).toHaveLength(URLS.length);
    await expectExact(world, URLS);
  });

  it('a cancellation waits until it is taken back', async () => {
    const { world } = await stopped();
    await world.change({ cancelled: true });
    await world.queue.send(TASKS, 'again');
    await world.drain();
    expect(world.results.filter(({ status }) => status === 'skipped')).toEqual([]);
    world.ledger.runs.isStopped = false;
    await world.queue.send(TASKS, 'once more');
    await world.drain();
    await expectExact(world, URLS);
  });
});
