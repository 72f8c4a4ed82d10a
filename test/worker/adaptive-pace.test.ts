import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, urlsOf } from './records.ts';
import { image, type SiteScript, slow, status } from './scripted-site.ts';
import { World } from './world.ts';

const TASK_SIZE = 90;
const URLS = urlsOf('a.test', 360);
const LATENCY_MS = 100;
const PER_HOST = 6;
const TASKS = Array.from({ length: URLS.length / TASK_SIZE }, (_, at) =>
  aTask(`w0-g1-${at}`, URLS.slice(at * TASK_SIZE, (at + 1) * TASK_SIZE)),
);
const fine: SiteScript = Object.fromEntries(URLS.map((url) => [url, [image('a')]]));

/** A run whose workers are given one task each; every one of them begins without a memory of the last. */
async function crawled(script: SiteScript, workers: 'one' | 'several'): Promise<World> {
  const world = new World(script, { latencyMs: LATENCY_MS, settings: { perHost: PER_HOST } });
  await world.begin(TASKS);
  if (workers === 'several') {
    while (world.fifo.depth() > 0) {
      if ((await world.deliver(1))?.length === 0 && !(await world.waitForReturn())) break;
      world.replaceWorker();
    }
  }
  await world.drain();
  return world;
}

/** By the log of the site: how many requests were open with each one that came. */
function openAt({ site }: World): readonly number[] {
  const times = site.visits.map(({ atMs }) => atMs);
  return times.map((atMs) => times.filter((at) => at <= atMs && at > atMs - LATENCY_MS).length);
}

/** When requests came, from the first on. */
function timesIn({ site }: World): readonly number[] {
  const [first] = site.visits;
  return site.visits.map(({ atMs }) => atMs - (first?.atMs ?? 0));
}

describe('the pace of a host, in its own log', () => {
  it('begins with one request, then two, and grows with good answers to what a run may use', async () => {
    const world = await crawled(fine, 'one');
    const open = openAt(world);
    expect(open[0]).toBe(1);
    expect(Math.max(...open.slice(0, 3))).toBeLessThanOrEqual(2);
    expect(Math.max(...open.slice(0, 10))).toBeLessThan(PER_HOST);
    expect(Math.max(...open)).toBeGreaterThan(3);
    expect(world.site.mostAtOnce).toBeLessThanOrEqual(PER_HOST);
    await expectExact(world, URLS);
  });

  it('begins again with each worker, and is never more over all of them', async () => {
    const world = await crawled(fine, 'several');
    expect(world.site.mostAtOnce).toBeLessThanOrEqual(PER_HOST);
    for (const at of [0, TASK_SIZE, 2 * TASK_SIZE]) {
      const open = openAt(world).slice(at, at + 3);
      expect(Math.max(...open)).toBeLessThanOrEqual(2);
    }
    await expectExact(world, URLS);
  });

  it.each(['one', 'several'] as const)(
    'falls silent when the host asks for it, and goes on with one request at a time (%s)',
    async (workers) => {
      const at = 200;
      const url = URLS[at] ?? '';
      const quiet = status(429, { 'retry-after': '30' });
      const world = await crawled({ ...fine, [url]: [quiet, image('a')] }, workers);
      const times = timesIn(world);
      const asked = world.site.visits.findIndex((visit) => visit.url === url);
      const saidMs = (times[asked] ?? 0) + LATENCY_MS;
      // What was open when it said so had been sent before.
      const silent = times.filter((ms) => ms > saidMs && ms < saidMs + 30_000);
      expect(silent).toEqual([]);
      const next = times.findIndex((ms) => ms >= saidMs + 30_000);
      expect(openAt(world)[next]).toBe(1);
      expect((times[next + 1] ?? 0) - (times[next] ?? 0)).toBeGreaterThanOrEqual(LATENCY_MS);
      await expectExact(world, URLS);
    },
  );

  it('falls to fewer requests when the host slows down', async () => {
    const late = URLS.slice(150).map((url) => [url, [slow(3000, image('a'))]] as const);
    const script = { ...fine, ...Object.fromEntries(late) };
    const world = await crawled(script, 'one');
    const times = timesIn(world);
    const openOf = (ms: number) => times.filter((at) => at <= ms && at > ms - 3000).length;
    const endMs = times.at(-1) ?? 0;
    const fast = Math.max(...openAt(world).slice(50, 150));
    const later = [0.4, 0.5, 0.6].map((share) => openOf(endMs * share));
    expect(Math.max(...later)).toBeLessThan(fast);
    await expectExact(world, URLS);
  });
});
