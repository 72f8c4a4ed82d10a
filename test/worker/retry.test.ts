import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { image, status } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 9);
const [u0 = '', u1 = '', u2 = ''] = URLS;
const OTHER = 'https://b.example/0.png';
const fine = Object.fromEntries(URLS.map((url) => [url, [image(url)]]));

describe('a target worth another try', () => {
  it('waits in a task of its own, and the rest of its group goes on', async () => {
    const world = new World({ ...fine, [u1]: [status(500), image('b')] });
    await world.begin([aTask('w0-g1-0', [u0, u1]), aTask('w0-g1-1', [u2])]);
    const [first] = (await world.deliver()) ?? [];
    expect(first?.end).toEqual({ kind: 'done' });
    await world.drain();
    const asked = world.site.visits.map(({ url }) => url);
    expect(asked.indexOf(u2)).toBeLessThan(asked.lastIndexOf(u1));
    expect([u0, u1, u2].map((url) => world.site.asked(url))).toEqual([1, 2, 1]);
    expect(world.result(u1)).toMatchObject({ status: 'succeeded', attempts: 2 });
    await expectExact(world, [u0, u1, u2]);
  });

  it('makes its task wait when its host asked for quiet, settled ones not asked again', async () => {
    const world = new World({ [u0]: [image('a')], [u1]: [status(503), image('b')] });
    await world.begin([aTask('w0-g1-0', [u0, u1])]);
    const [worked] = (await world.deliver()) ?? [];
    expect(worked?.end).toEqual({ kind: 'postponed' });
    expect(world.queue.receive(10)).toEqual([]);
    await world.drain();
    expect([u0, u1].map((url) => world.site.asked(url))).toEqual([1, 2]);
    expect(world.result(u1)).toMatchObject({ status: 'succeeded', attempts: 2 });
    await expectExact(world, [u0, u1]);
  });

  it('has its tries remembered by the ledger', async () => {
    const world = new World({ [u0]: [image('a')], [u1]: [status(503)] });
    const task = aTask('w0-g1-0', [u0, u1]);
    await world.begin([task]);
    await world.deliver();
    const { memory } = await world.ledger.tasks.recall(task);
    expect(memory).toEqual({
      tries: { 1: 1 },
      returns: 1,
      soloStarts: 0,
      faults: 0,
      registered: false,
      done: false,
    });
  });

  it.each([1, 2, 3, 6, 10])(
    'is settled as failed after the last of %i attempts',
    async (attempts) => {
      const world = new World({ [u0]: [status(500)] }, { settings: { attempts } });
      await world.begin([aTask('w0-g1-0', [u0])]);
      await world.drain();
      expect(world.site.asked(u0)).toBe(attempts);
      expect(world.result(u0)).toMatchObject({
        status: 'failed',
        reason: 'server-error',
        attempts,
      });
      await expectExact(world, [u0]);
    },
  );

  it('waits longer each time', async () => {
    const world = new World({ [u0]: [status(500)] }, { settings: { attempts: 6 } });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    const times = world.site.visits.map(({ atMs }) => atMs);
    const waits = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(waits.every((wait, at) => wait >= 500 * 2 ** at)).toBe(true);
  });

  it('is not tried again when time cannot cure it', async () => {
    const world = new World({ [u0]: [status(404)] });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    expect(world.site.asked(u0)).toBe(1);
    await expectExact(world, [u0]);
  });

  it('is in a new task with a fresh id after two returns, which is not worked too early', async () => {
    const world = new World({ [u0]: [status(503)] }, { settings: { attempts: 10 } });
    await world.begin([aTask('w0-g1-0', [u0])]);
    for (let delivery = 0; delivery < 3; delivery += 1) {
      await world.deliver();
      if (delivery < 2) await world.waitForReturn();
    }
    const [rest] = world.queue.receive(10);
    expect(rest?.task).toMatchObject({ taskId: 'w0-g1-0~1', targets: [{ url: u0, tries: 3 }] });
    expect(rest?.task.notBeforeMs).toBeGreaterThan(world.clock.now());
  });

  it('is not begun before the time that its new task names', async () => {
    const world = new World({ [u0]: [image('a')] });
    const notBeforeMs = world.clock.now() + 60_000;
    await world.begin([aTask('w0-g1-0', [u0], { notBeforeMs })]);
    await world.drain();
    expect(world.site.visits[0]?.atMs).toBe(notBeforeMs);
    await expectExact(world, [u0]);
  });

  it('never brings its task to the dead letters', async () => {
    const world = new World(
      { ...fine, [u0]: [status(503)] },
      { settings: { attempts: 10 }, maxReceiveCount: 4 },
    );
    await world.begin([aTask('w0-g1-0', URLS)]);
    await world.drain();
    expect(world.dismantled).toEqual([]);
    await expectExact(world, URLS);
  });
});

describe('a host that asks for quiet', () => {
  it.each(['120', new Date(Date.UTC(2026, 0, 1, 0, 2)).toUTCString()])(
    'is left alone until Retry-After: %s',
    async (value) => {
      const world = new World({ [u0]: [status(429, { 'retry-after': value }), image('a')] });
      await world.begin([aTask('w0-g1-0', [u0])]);
      const beganMs = world.clock.now();
      await world.drain();
      const [, second] = world.site.visits;
      expect((second?.atMs ?? 0) - beganMs).toBeGreaterThanOrEqual(120_000);
      expect(second?.atMs).toBeLessThan(beganMs + 125_000);
      await expectExact(world, [u0]);
    },
  );

  it('gets no other request of the task meanwhile, and that costs the others no try', async () => {
    const world = new World(
      { ...fine, [u0]: [status(429, { 'retry-after': '60' }), image('a')] },
      { settings: { perHost: 1 }, latencyMs: 100 },
    );
    const task = aTask('w0-g1-0', URLS);
    await world.begin([task]);
    await world.deliver();
    expect(world.site.visits.map(({ url }) => url)).toEqual([u0]);
    const { memory } = await world.ledger.tasks.recall(task);
    expect(memory.tries).toEqual({
      0: 1,
      ...Object.fromEntries(URLS.slice(1).map((_, at) => [at + 1, 0])),
    });
    await world.drain();
    expect(world.result(u1)).toMatchObject({ status: 'succeeded', attempts: 1 });
    await expectExact(world, URLS);
  });

  it('does not hold up another host of its task', async () => {
    const world = new World({
      [u0]: [status(503, { 'retry-after': '60' })],
      [OTHER]: [image('o')],
    });
    await world.begin([aTask('w0-g1-0', [u0, OTHER])]);
    await world.deliver();
    expect(world.result(OTHER)?.status).toBe('succeeded');
  });

  it('ends all its targets as failed when it never answers otherwise', async () => {
    const busy = Object.fromEntries(URLS.map((url) => [url, [status(429)]]));
    const world = new World(busy, { latencyMs: 10 });
    await world.begin([aTask('w0-g1-0', URLS)]);
    await world.drain();
    expect(world.results.map(({ reason }) => reason)).toEqual(URLS.map(() => 'rate-limited'));
    // Six at once before it was known, then one after each of five pauses; nobody asks more.
    expect(world.site.visits).toHaveLength(11);
    expect(world.dismantled).toEqual([]);
    await expectExact(world, URLS);
  });

  it('is quiet for the other tasks of the worker too', async () => {
    const world = new World(
      { ...fine, [u0]: [status(429, { 'retry-after': '30' }), image('a')] },
      { latencyMs: 10 },
    );
    await world.begin([aTask('w0-g1-0', [u0]), aTask('w1-g1-0', [u1, u2])], {});
    await world.deliver(1);
    await world.drain();
    const [first, ...later] = world.site.visits.map(({ atMs }) => atMs);
    expect(later.every((atMs) => atMs >= (first ?? 0) + 30_000)).toBe(true);
    await expectExact(world, [u0, u1, u2]);
  });
});

describe('a run that is retried', () => {
  it('asks again only what failed for a passing reason, and its sums take back what is replaced', async () => {
    const world = new World(
      { [u0]: [image('a')], [u1]: [status(404)], [u2]: [status(500), image('c')] },
      { settings: { attempts: 1 } },
    );
    const first = aTask('w0-g1-0', [u0, u1, u2]);
    await world.begin([first]);
    await world.drain();
    const second = aTask('w1-g1-0', [u0, u1, u2], { round: 1 });
    const { checkpoint } = await world.run();
    await world.change({
      checkpoint: { ...checkpoint, tasks: checkpoint.tasks + 1, targets: checkpoint.targets + 3 },
      superseded: { 'server-error': 1 },
    });
    await world.queue.send([second]);
    await world.drain();
    expect([u0, u1, u2].map((url) => world.site.asked(url))).toEqual([1, 1, 2]);
    expect(world.result(u2)).toMatchObject({ status: 'succeeded', round: 1, taskId: 'w1-g1-0' });
    expect(await world.progress()).toMatchObject({
      ended: true,
      targets: 3,
      succeeded: 2,
      failed: 1,
    });
    expect(world.ledger.results.writes(RUN_ID)).toHaveLength(4);
    await expectExact(world, [u0, u1, u2]);
  });

  it('may fail again, and counts that once', async () => {
    const world = new World({ [u2]: [status(500)] }, { settings: { attempts: 1 } });
    await world.begin([aTask('w0-g1-0', [u2])]);
    await world.drain();
    const { checkpoint } = await world.run();
    await world.change({
      checkpoint: { ...checkpoint, tasks: 2, targets: 2 },
      superseded: { 'server-error': 1 },
    });
    await world.queue.send([aTask('w1-g1-0', [u2], { round: 1 })]);
    await world.drain();
    await expectExact(world, [u2]);
  });
});
