import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, urlsOf } from './records.ts';
import { type Answer, failure, image, type Script, slow } from './scripted-site.ts';
import { World } from './world.ts';

const INNOCENT = urlsOf('a.example', 9);
const K = 'https://k.example/killer.png';
const innocentSite = Object.fromEntries(INNOCENT.map((url) => [url, [image(url)]]));
const SITE: Script = { ...innocentSite, [K]: ['killer'] };

/** Nine tasks of one target each, in nine groups, and a killer somewhere among them. */
function batchWithKillerAt(place: number) {
  const tasks = INNOCENT.map((url, at) => aTask(`w0-g${at}-0`, [url], { group: `g${at}` }));
  return tasks.toSpliced(place, 0, aTask('w0-g99-0', [K], { group: 'g99' }));
}

describe('a target that kills its worker', () => {
  it.each([0, 4, 9])(
    'ends as the only dead-lettered one of its batch, at place %i',
    async (place) => {
      const world = new World(SITE);
      await world.begin(batchWithKillerAt(place));
      await world.drain();
      expect(world.result(K)).toMatchObject({ status: 'failed', reason: 'dead-lettered' });
      expect(world.dismantled).toEqual([{ kind: 'dead-lettered', url: K }]);
      await expectExact(world, [...INNOCENT, K]);
    },
  );

  it('ends as the only dead-lettered one of its task', async () => {
    const world = new World(SITE, { latencyMs: 100 });
    await world.begin([aTask('w0-g1-0', [...INNOCENT, K])]);
    await world.drain();
    expect(world.results.filter(({ reason }) => reason === 'dead-lettered')).toHaveLength(1);
    expect(world.result(K)).toMatchObject({ reason: 'dead-lettered' });
    await expectExact(world, [...INNOCENT, K]);
  });

  it('has its body kept', async () => {
    const world = new World(SITE);
    await world.begin(batchWithKillerAt(0));
    await world.drain();
    const kept: unknown = JSON.parse(world.result(K)?.detail ?? '');
    expect(kept).toMatchObject({ taskId: 'w0-g99-0', targets: [{ url: K }] });
  });

  it.each([3, 10, 25])('does not keep a run from ending when there are %i of it', async (count) => {
    const killers = urlsOf('k.example', count);
    const world = new World(Object.fromEntries(killers.map((url) => [url, ['killer' as const]])));
    await world.begin([aTask('w0-g1-0', killers)]);
    await world.drain();
    expect(world.results.every(({ reason }) => reason === 'dead-lettered')).toBe(true);
    await expectExact(world, killers);
  });

  it('costs an innocent target in the same group nothing', async () => {
    const killers = urlsOf('k.example', 12);
    const script: Record<string, readonly Answer[]> = { ...innocentSite };
    for (const url of killers) script[url] = ['killer'];
    const world = new World(script);
    const mixed = killers.flatMap((url, at) => [url, ...INNOCENT.slice(at, at + 1)]);
    await world.begin([aTask('w0-g1-0', mixed)]);
    await world.drain();
    expect(INNOCENT.map((url) => world.result(url)?.status)).toEqual(
      INNOCENT.map(() => 'succeeded'),
    );
    await expectExact(world, mixed);
  });
});

describe('tasks that a worker died with', () => {
  it('are worked after the fresh ones, one at a time', async () => {
    const fresh = 'https://fresh.example/0.png';
    const world = new World(
      { ...SITE, [K]: ['killer', image('k')], [fresh]: [image('f')] },
      { latencyMs: 1000 },
    );
    await world.begin(batchWithKillerAt(0).slice(0, 3));
    expect(await world.deliver()).toBeUndefined();
    await world.waitForReturn();
    await world.queue.send([aTask('w1-g5-0', [fresh])]);
    const before = world.site.visits.length;
    await world.deliver();
    const again = world.site.visits.slice(before);
    expect(again[0]?.url).toBe(fresh);
    const starts = again.map(({ atMs }) => atMs);
    expect(new Set(starts).size).toBe(starts.length);
  });

  it('are worked so too when the worker received them itself', async () => {
    const fresh = 'https://fresh.example/0.png';
    const world = new World(
      { ...SITE, [K]: ['killer', image('k')], [fresh]: [slow(15_000, image('f'))] },
      { latencyMs: 1000, visibilityMs: 10_000, settings: { timeoutMs: 20_000 } },
    );
    await world.begin(batchWithKillerAt(0).slice(0, 4));
    expect(await world.deliver()).toBeUndefined();
    await world.queue.send([aTask('w1-g5-0', [fresh], { group: 'g5' })]);
    const before = world.site.visits.length;
    const beganMs = world.clock.now();
    // They come back while the fresh one is under way, for five seconds more.
    await world.stream();
    const again = world.site.visits.slice(before);
    expect(again.map(({ url }) => url)).toEqual([fresh, K, ...INNOCENT.slice(0, 3)]);
    const starts = again.slice(1).map(({ atMs }) => atMs - beganMs);
    expect(starts[0]).toBeGreaterThanOrEqual(15_000);
    const gaps = starts.slice(1).map((atMs, at) => atMs - (starts[at] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
    expect(world.fifo.size).toBe(0);
  });

  it('are each worked alone: nothing is received while one is under way', async () => {
    const [innocent = ''] = INNOCENT;
    const fresh = 'https://fresh.example/0.png';
    const world = new World(
      { ...SITE, [fresh]: [image('f')], [innocent]: ['killer', slow(9000, image('i'))] },
      { settings: { timeoutMs: 20_000 } },
    );
    await world.begin([aTask('w0-g1-0', [innocent], { group: 'g1' })]);
    expect(await world.deliver()).toBeUndefined();
    await world.waitForReturn();
    await world.queue.send([aTask('w1-g5-0', [fresh], { group: 'g5' })]);
    const beganMs = world.clock.now();
    await world.stream(1);
    const [again, late] = world.site.visits.slice(1);
    expect(again?.url).toBe(innocent);
    expect(late?.url).toBe(fresh);
    expect((late?.atMs ?? 0) - beganMs).toBeGreaterThanOrEqual(9000);
  });

  it('leave the queue as soon as each is done', async () => {
    const [first = '', second = ''] = INNOCENT;
    const world = new World({ ...SITE, [second]: ['killer'] });
    await world.begin(
      [first, second].map((url, at) => aTask(`w0-g${at}-0`, [url], { group: `g${at}` })),
    );
    await world.deliver(); // both die
    await world.waitForReturn();
    expect(await world.deliver()).toBeUndefined();
    await world.waitForReturn();
    const left = world.queue.receiveNow(10).map(({ task }) => task.targets[0]?.url);
    expect(left).toEqual([second]);
  });

  it('are begun in the order of how often they were begun before', async () => {
    const world = new World(SITE);
    await world.begin(batchWithKillerAt(0));
    await world.deliver();
    await world.waitForReturn();
    await world.deliver(); // the killer is the first of the suspects
    await world.waitForReturn();
    await world.deliver(); // and the last one now
    expect(INNOCENT.every((url) => world.result(url)?.status === 'succeeded')).toBe(true);
    expect(world.result(K)).toBeUndefined();
  });

  it('are trusted again when they came back to wait', async () => {
    const [url = ''] = INNOCENT;
    const answers: readonly Answer[] = ['killer', failure('timeout'), image('a')];
    const world = new World({ [url]: answers });
    await world.begin([aTask('w0-g1-0', [url])]);
    await world.drain();
    expect(world.result(url)).toMatchObject({ status: 'succeeded' });
    await expectExact(world, [url]);
  });
});
