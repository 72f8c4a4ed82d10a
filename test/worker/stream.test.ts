import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { manyHosts, siteOf } from './many-hosts.ts';
import { aRun, aTask, urlsOf } from './records.ts';
import { image, slow, status } from './scripted-site.ts';
import { World } from './world.ts';

const SLOW = 'https://slow.example/0.png';

describe('a worker that is given a task', () => {
  it('receives further ones itself until none is left', async () => {
    const { tasks, urls, script } = manyHosts(60);
    const world = new World(script, { latencyMs: 50 });
    await world.begin(tasks);
    const ends = await world.stream(1);
    expect(ends).toEqual([{ receipt: 'message-1#1', end: { kind: 'done' } }]);
    expect(world.fifo.size).toBe(0);
    await expectExact(world, urls);
  });

  it('receives one task of a group after the other', async () => {
    const urls = urlsOf('a.example', 5);
    const world = new World(siteOf(urls), { perGroup: 'one' });
    await world.begin(urls.map((url, at) => aTask(`w0-g1-${at}`, [url])));
    await world.stream(1);
    expect(world.site.visits.map(({ url }) => url)).toEqual(urls);
    await expectExact(world, urls);
  });

  it('receives what comes while it works', async () => {
    const late = 'https://late.example/0.png';
    const world = new World({ [SLOW]: [slow(9000, image('s'))], [late]: [image('l')] });
    const tasks = [aTask('w0-g1-0', [SLOW]), aTask('w0-g2-0', [late])];
    await world.begin(tasks.slice(0, 1), { checkpoint: aRun(tasks).checkpoint });
    world.clock.schedule(3000, () => world.queue.send(tasks.slice(1)));
    const beganMs = world.clock.now();
    await world.stream(1);
    const asked = world.site.visitsOf('late.example').map(({ atMs }) => atMs - beganMs);
    expect(asked).toHaveLength(1);
    // It is looked for every four seconds while there is nothing to receive.
    expect(asked[0]).toBeLessThanOrEqual(3000 + 4000 + 1000);
    expect(world.fifo.size).toBe(0);
    await expectExact(world, [SLOW, late]);
  });

  it('waits for no message when nothing is left to do', async () => {
    const world = new World({ [SLOW]: [slow(9000, image('s'))] });
    await world.begin([aTask('w0-g1-0', [SLOW])]);
    const waits: number[] = [];
    const receive = world.queue.receive.bind(world.queue);
    world.queue.receive = (options) => {
      waits.push(options.waitMs);
      return receive(options);
    };
    await world.stream(1);
    // As long as its only target is under way it waits for others; then it only looks.
    expect(waits.filter((ms) => ms > 0).length).toBeGreaterThan(0);
    expect(waits.at(-1)).toBe(0);
    await expectExact(world, [SLOW]);
  });

  it('removes each message when its task is done, and not at the end', async () => {
    const { tasks, urls, script } = manyHosts(20);
    const world = new World({ ...script, [SLOW]: [slow(9000, image('s'))] });
    await world.begin([aTask('w0-gs-0', [SLOW], { group: 'gs' }), ...tasks]);
    const left: number[] = [];
    world.clock.schedule(5000, () => left.push(world.fifo.size));
    await world.stream(1);
    expect(left).toEqual([1]);
    await expectExact(world, [SLOW, ...urls]);
  });

  it('receives nothing in the last minute before its deadline', async () => {
    const late = 'https://late.example/0.png';
    const world = new World({ [SLOW]: [slow(9000, image('s'))], [late]: [image('l')] });
    await world.begin([aTask('w0-g1-0', [SLOW])]);
    world.clock.schedule(6000, () => world.queue.send([aTask('w0-g2-0', [late])]));
    await world.stream(1, 65_000);
    expect(world.result(SLOW)?.status).toBe('succeeded');
    expect(world.site.asked(late)).toBe(0);
    expect(world.fifo.depth()).toBe(1);
  });

  it('ends when its deadline is far, and there is nothing to do', async () => {
    const world = new World({ [SLOW]: [image('s')] });
    await world.begin([aTask('w0-g1-0', [SLOW])]);
    const beganMs = world.clock.now();
    await world.stream(1, 900_000);
    expect(world.clock.now() - beganMs).toBeLessThan(10_000);
  });
});

describe('a URL that takes twenty seconds', () => {
  it('delays no other group, nor the tasks that come after it', async () => {
    const { tasks, urls, script } = manyHosts(50);
    const world = new World(
      { ...script, [SLOW]: [slow(20_000, image('s'))] },
      { latencyMs: 50, settings: { timeoutMs: 30_000 } },
    );
    await world.begin([aTask('w0-gs-0', [SLOW], { group: 'gs' }), ...tasks]);
    const settled: number[] = [];
    world.clock.schedule(5000, () => settled.push(world.results.length));
    await world.stream(10);
    expect(settled).toEqual([urls.length]);
    expect(world.fifo.size).toBe(0);
    await expectExact(world, [SLOW, ...urls]);
  });

  it('delays no other target of its task', async () => {
    const others = urlsOf('a.example', 30);
    const world = new World(
      { ...siteOf(others), [SLOW]: [slow(20_000, image('s'))] },
      { latencyMs: 50, settings: { timeoutMs: 30_000 } },
    );
    await world.begin([aTask('w0-g1-0', [SLOW, ...others])]);
    const settled: number[] = [];
    world.clock.schedule(5000, () => settled.push(world.results.length));
    await world.stream(1);
    expect(settled).toEqual([others.length]);
    await expectExact(world, [SLOW, ...others]);
  });

  it('delays the others of its own host by a second, when they are few', async () => {
    const others = urlsOf('slow.example', 4).slice(1);
    const world = new World(
      { ...siteOf(others), [SLOW]: [slow(20_000, image('s'))] },
      { settings: { timeoutMs: 30_000 } },
    );
    await world.begin([aTask('w0-g1-0', [...others.slice(0, 1), SLOW, ...others.slice(1)])]);
    const beganMs = world.clock.now();
    await world.stream(1);
    const waits = others.map((url) => {
      return (world.site.visits.find((visit) => visit.url === url)?.atMs ?? 0) - beganMs;
    });
    expect(Math.max(...waits)).toBe(1000);
    await expectExact(world, [SLOW, ...others]);
  });
});

describe('the exchanges of a worker', () => {
  it.each([8, 20])('are %i at once when it may have so many, and never more', async (most) => {
    const { tasks, urls, script } = manyHosts(60);
    const world = new World(script, { latencyMs: 1000, maxInFlight: most });
    await world.begin(tasks);
    await world.stream(10);
    expect(world.site.mostInFlight).toBe(most);
    await expectExact(world, urls);
  });

  it('are not held by hosts that are paused', async () => {
    const { tasks, urls, script } = manyHosts(20);
    const busy = urlsOf('busy.example', 50);
    const quiet = status(429, { 'retry-after': '45' });
    const world = new World(
      { ...script, ...Object.fromEntries(busy.map((url) => [url, [quiet, image(url)]])) },
      { latencyMs: 50, maxInFlight: 8 },
    );
    await world.begin([aTask('w0-gb-0', busy, { group: 'gb' }), ...tasks]);
    const beganMs = world.clock.now();
    await world.stream(10);
    expect(world.clock.now() - beganMs).toBeLessThan(5000);
    expect(world.results.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
    await world.drain();
    await expectExact(world, [...urls, ...busy]);
  });
});

describe('a group with more work than two minutes', () => {
  const [first, second] = [urlsOf('a.example', 20), urlsOf('b.example', 1)];
  const script = siteOf([...first, ...second]);
  const tasks = [
    aTask('w0-g1-0', first, { group: 'g1' }),
    aTask('w0-g1-1', second, { group: 'g1' }),
  ];

  it('lets its next task go first, and what is left comes behind it', async () => {
    const world = new World(script, { perGroup: 'one', settings: { delayMs: 10_000 } });
    await world.begin(tasks);
    const beganMs = world.clock.now();
    await world.drain(900_000);
    const [other = 0] = world.site.visitsOf('b.example').map(({ atMs }) => atMs - beganMs);
    expect(other).toBeGreaterThan(110_000);
    expect(other).toBeLessThan(125_000);
    const before = world.site.visitsOf('a.example').filter(({ atMs }) => atMs - beganMs < other);
    expect(before).toHaveLength(12);
    await expectExact(world, [...first, ...second]);
  });

  it('keeps the pace of its hosts over that', async () => {
    const world = new World(script, { perGroup: 'one', settings: { delayMs: 10_000 } });
    await world.begin(tasks);
    await world.drain(900_000);
    const times = world.site.visitsOf('a.example').map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
  });
});
