import { describe, expect, it } from 'vitest';
import type { Task } from '../../core/model/task.ts';
import type { FetchOutcome } from '../../core/ports/fetcher.ts';
import { expectExact } from './expect-exact.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { image, status } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 9);
const [u0 = '', u1 = '', u2 = ''] = URLS;
const OTHER = 'https://b.example/0.png';
/** A pause that is too long to wait for it in a task. */
const QUIET_MS = 45_000;
const QUIET = [status(429, { 'retry-after': '45' })];
const fine = Object.fromEntries(URLS.map((url) => [url, [image(url)]]));

describe('a target worth another attempt', () => {
  it('waits for a short time in its task, and the others of its group go on', async () => {
    const world = new World({ ...fine, [u1]: [status(500), image('b')] });
    await world.begin([aTask('w0-g1-0', [u0, u1]), aTask('w0-g1-1', [u2])]);
    const ends = await world.deliver();
    expect(ends?.map(({ end }) => end.kind)).toEqual(['done', 'done']);
    const asked = world.site.visits.map(({ url }) => url);
    expect(asked.indexOf(u2)).toBeLessThan(asked.lastIndexOf(u1));
    expect([u0, u1, u2].map((url) => world.site.asked(url))).toEqual([1, 2, 1]);
    expect(world.result(u1)).toMatchObject({
      status: 'succeeded',
      attempts: 2,
      taskId: 'w0-g1-0',
    });
    expect(
      world.ledger.tasks
        .all(RUN_ID)
        .map(({ taskId }) => taskId)
        .toSorted(),
    ).toEqual(['w0-g1-0', 'w0-g1-1']);
    await expectExact(world, [u0, u1, u2]);
  });

  it('is asked for in the same spelling wherever it waits, and told by it', async () => {
    const foundAs = 'HTTPS://a.example/%7e?#x';
    const url = 'https://a.example/~';
    const world = new World({ 'https://a.example/%7e?': [status(500), ...QUIET, image('a')] });
    await world.begin([aTask('w0-g1-0', [url], { targets: [{ url, foundAs }] })]);
    await world.drain();
    expect(world.site.visits.map((visit) => visit.url)).toEqual(
      Array(3).fill('https://a.example/%7e?'),
    );
    expect(world.result(url)).toMatchObject({ status: 'succeeded', attempts: 3, foundAs });
    await expectExact(world, [url]);
  });

  it('is asked for after its robots.txt has come, which was cut at first', async () => {
    const cut: FetchOutcome = {
      kind: 'failed',
      reason: 'truncated',
      detail: 'cut',
      httpStatus: 200,
    };
    const script = { ...fine, 'https://a.example/robots.txt': [cut, cut, status(404)] };
    const world = new World(script, { settings: { ignoreRobots: false, attempts: 3 } });
    await world.begin([aTask('w0-g1-0', [u0, u1])]);
    await world.drain();
    expect(world.site.asked('https://a.example/robots.txt')).toBe(3);
    expect([u0, u1].map((one) => world.result(one)?.status)).toEqual(['succeeded', 'succeeded']);
  });

  it('leaves its task for a long time, and the next task of its group is given', async () => {
    const world = new World({ ...fine, [u1]: [...QUIET, image('b')] }, { perGroup: 'one' });
    const group = { group: 'g1' };
    await world.begin([aTask('w0-g1-0', [u0, u1], group), aTask('w0-g1-1', [OTHER], group)]);
    const [first] = (await world.deliver()) ?? [];
    expect(first?.end).toEqual({ kind: 'done' });
    expect(world.queue.receiveNow(10).map(({ task }) => task.taskId)).toEqual(['w0-g1-1']);
    expect(world.site.asked(u1)).toBe(1);
    expect(world.result(u1)).toBeUndefined();
  });

  it('comes back with what is left, and what is settled is not asked again', async () => {
    const world = new World({ [u0]: [image('a')], [u1]: [...QUIET, image('b')] });
    await world.begin([aTask('w0-g1-0', [u0, u1])]);
    const beganMs = world.clock.now();
    await world.deliver();
    expect(world.fifo.size).toBe(0);
    expect(world.queue.nextReleaseMs()).toBe(beganMs + QUIET_MS);
    await world.drain();
    expect([u0, u1].map((url) => world.site.asked(url))).toEqual([1, 2]);
    expect(world.result(u1)).toMatchObject({ status: 'succeeded', attempts: 2 });
    await expectExact(world, [u0, u1]);
  });

  it('takes its attempts along, and its new task is known to the ledger before it is due', async () => {
    const world = new World({ [u0]: [image('a')], [u1]: QUIET });
    const task = aTask('w0-g1-0', [u0, u1]);
    await world.begin([task]);
    await world.deliver();
    const { memories } = await world.ledger.tasks.recall([task]);
    expect(memories[0]).toEqual({ soloStarts: 0, faults: 0, registered: false, done: true });
    const open: Task[] = [];
    for await (const one of world.ledger.tasks.openRegistered(RUN_ID)) open.push(one);
    expect(open).toMatchObject([
      { group: task.group, round: 0, generation: 1, targets: [{ url: u1, tries: 1 }] },
    ]);
    expect(open[0]?.taskId).toMatch(new RegExp(`^r-${task.group}-[\\w-]{22}$`));
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

  it('waits twice as long each time', async () => {
    const world = new World(
      { [u0]: [status(500)] },
      {
        settings: { attempts: 6 },
        random: () => 0.5,
      },
    );
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    const times = world.site.visits.map(({ atMs }) => atMs);
    const waits = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000]);
  });

  it('is not tried again when time cannot cure it', async () => {
    const world = new World({ [u0]: [status(404)] });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    expect(world.site.asked(u0)).toBe(1);
    await expectExact(world, [u0]);
  });

  it('is in a task with an id of its own each time it leaves one', async () => {
    const world = new World(
      { [u0]: [...QUIET, ...QUIET, ...QUIET, image('a')] },
      {
        settings: { attempts: 10 },
      },
    );
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    const rests = world.ledger.tasks.all(RUN_ID).filter(({ taskId }) => taskId !== 'w0-g1-0');
    const bodies = rests.map(({ body = '' }) => JSON.parse(body));
    expect(bodies.map(({ generation }) => generation)).toEqual([1, 2, 3]);
    expect(bodies.map(({ targets }) => targets)).toEqual([
      [{ url: u0, tries: 1 }],
      [{ url: u0, tries: 2 }],
      [{ url: u0, tries: 3 }],
    ]);
    expect(new Set(rests.map(({ taskId }) => taskId)).size).toBe(3);
    expect(world.result(u0)).toMatchObject({ status: 'succeeded', attempts: 4 });
    await expectExact(world, [u0]);
  });

  it('is deferred for a quarter of an hour at most, and asked no sooner than its host wants', async () => {
    const value = String(14 * 60 + 59);
    const world = new World({ [u0]: [status(503, { 'retry-after': value }), image('a')] });
    await world.begin([aTask('w0-g1-0', [u0])]);
    await world.drain();
    const [first, second] = world.site.visits.map(({ atMs }) => atMs);
    const waitMs = (second ?? 0) - (first ?? 0);
    expect(waitMs).toBeGreaterThanOrEqual(Number(value) * 1000);
    // SQS counts whole seconds, from when the task was sent.
    expect(waitMs).toBeLessThan(Number(value) * 1000 + 2000);
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

describe('a host that asks for a pause', () => {
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
    await world.begin([aTask('w0-g1-0', URLS)]);
    await world.deliver();
    expect(world.site.visits.map(({ url }) => url)).toEqual([u0]);
    await world.waitForReturn();
    const [rest] = world.queue.receiveNow(10);
    expect(new Map(rest?.task.targets.map(({ url, tries }) => [url, tries]))).toEqual(
      new Map(URLS.map((url) => [url, url === u0 ? 1 : 0])),
    );
    world.queue.acknowledge(rest?.receipt ?? '');
    await world.clock.advance(300_000); // the queue forgets the id
    await world.queue.send(rest === undefined ? [] : [rest.task]);
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
    // One before it was known to answer, then one after each of five pauses; nobody asks more.
    expect(world.site.visits).toHaveLength(6);
    expect(world.dismantled).toEqual([]);
    await expectExact(world, URLS);
  });

  it('is paused for the other tasks of the worker too', async () => {
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
