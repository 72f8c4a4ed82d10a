import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { Notes } from './notes.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { image, slow, status } from './scripted-site.ts';
import { World, type WorldOptions } from './world.ts';

const [quick = '', late = ''] = urlsOf('a.example', 2);
const TASK = aTask('w0-g1-0', [quick, late]);
/** Of the time that a message is hidden a sixth is left for writes that are under way. */
const VISIBILITY_MS = 60_000;
const LEASE_MS = 50_000;
const OPTIONS: WorldOptions = {
  visibilityMs: VISIBILITY_MS,
  settings: { timeoutMs: 100_000 },
};
const LOST = 'LeaseOverError: the time for this task is over: another worker may have it';

/** A world that notes when anything was written to queue and ledger, in milliseconds from its start. */
function watched(tookMs: number, options: WorldOptions = OPTIONS) {
  const observer = new Notes();
  const site = { [quick]: [image('q')], [late]: [slow(tookMs, image('l'))] };
  const world = new World(site, { ...options, observer });
  const beganMs = world.clock.now();
  const writes: { readonly name: string; readonly atMs: number }[] = [];
  const note = <T extends object>(port: T, names: readonly (keyof T & string)[]) => {
    for (const name of names) {
      const member: unknown = port[name];
      if (typeof member !== 'function') throw new Error(`${name} is no method`);
      Object.defineProperty(port, name, {
        configurable: true,
        value: (...given: readonly unknown[]) => {
          writes.push({ name, atMs: world.clock.now() - beganMs });
          return Reflect.apply(member, port, given);
        },
      });
    }
  };
  note(world.ledger.tasks, ['register', 'record', 'recordFault', 'countSoloStart']);
  note(world.ledger.results, ['settle']);
  note(world.queue, ['send', 'defer', 'postpone', 'remove']);
  return { beganMs, observer, world, writes };
}

describe('a worker whose heartbeat does not reach the queue', () => {
  it('writes nothing for its tasks once their lease is over', async () => {
    const { observer, world, writes } = watched(70_000);
    await world.begin([TASK]);
    const { extend } = world.queue;
    let beats = 0;
    world.queue.extend = async (receipts, ms) => {
      beats += 1;
      if (beats > 1) throw new Error('no answer'); // the first is that of the delivery
      return extend.call(world.queue, receipts, ms);
    };
    const ends = await world.deliver();
    expect(ends?.map(({ end }) => end.kind)).toEqual(['broken']);
    expect(observer.of('ended')).toEqual([`ended ${RUN_ID} w0-g1-0 delivery 1 ${LOST}`]);
    expect(Math.max(...writes.map(({ atMs }) => atMs))).toBeLessThan(LEASE_MS);
    expect(world.result(quick)?.status).toBe('succeeded');
    expect(world.result(late)).toBeUndefined();
    expect((await world.ledger.tasks.recall([TASK])).memories[0]).toMatchObject({
      done: false,
      faults: 0,
    });
    expect(world.fifo.depth()).toBe(1);
    world.queue.extend = extend;
    await world.drain();
    expect(world.site.asked(quick)).toBe(1);
    await expectExact(
      world,
      TASK.targets.map(({ url }) => url),
    );
  });

  it('writes nothing for what was given to another worker meanwhile', async () => {
    const { world, writes } = watched(70_000);
    await world.begin([TASK]);
    const { extend } = world.queue;
    world.queue.extend = async (receipts, ms) => {
      const held = await extend.call(world.queue, receipts, ms);
      world.queue.extend = async () => new Set();
      return held;
    };
    world.clock.schedule(VISIBILITY_MS + 1000, () => {
      expect(world.queue.receiveNow(1)).toHaveLength(1);
    });
    await world.deliver();
    expect(Math.max(...writes.map(({ atMs }) => atMs))).toBeLessThan(LEASE_MS);
    expect(world.result(late)).toBeUndefined();
  });

  it('works no task that it was given too late', async () => {
    const { observer, world, writes } = watched(0);
    await world.begin([TASK]);
    const { length } = writes;
    world.queue.extend = async () => new Set();
    const ends = await world.deliver();
    expect(ends).toMatchObject([{ end: { kind: 'broken' } }]);
    expect(observer.of('begun')).toEqual([]);
    expect(world.site.visits).toEqual([]);
    expect(writes.slice(length)).toEqual([]);
  });

  it('works what it holds of several deliveries', async () => {
    const { world } = watched(0);
    const other = aTask('w0-g2-0', urlsOf('b.example', 1), { group: 'g2' });
    await world.begin([TASK, other]);
    const { extend } = world.queue;
    world.queue.extend = async (receipts, ms) => {
      const mine = receipts.filter((receipt) => receipt.startsWith('message-1'));
      return extend.call(world.queue, mine, ms);
    };
    const ends = await world.deliver();
    expect(new Map(ends?.map(({ receipt, end }) => [receipt, end.kind]))).toEqual(
      new Map([
        ['message-1#1', 'done'],
        ['message-2#1', 'broken'],
      ]),
    );
    expect(world.site.visitsOf('b.example')).toEqual([]);
  });
});

describe('a worker whose heartbeat reaches the queue', () => {
  it('holds a task for longer than its message is hidden', async () => {
    const { world } = watched(70_000);
    await world.begin([TASK]);
    const others: number[] = [];
    world.clock.schedule(VISIBILITY_MS + 1000, () => others.push(world.fifo.depth()));
    const ends = await world.deliver();
    expect(ends?.map(({ end }) => end.kind)).toEqual(['done']);
    expect(others).toEqual([0]);
    expect([quick, late].map((url) => world.site.asked(url))).toEqual([1, 1]);
    await expectExact(world, [quick, late]);
  });

  it('lets the tasks of a worker that died come back within a minute', async () => {
    const { world } = watched(0, { ...OPTIONS, deaths: [{ atCall: 3, when: 'after' }] });
    await world.begin([TASK]);
    expect(await world.deliver()).toBeUndefined();
    const diedMs = world.clock.now();
    await world.waitForReturn();
    expect(world.clock.now() - diedMs).toBeLessThanOrEqual(VISIBILITY_MS);
    await world.drain();
    await expectExact(world, [quick, late]);
  });
});

describe('a task whose lease ran out, and whose message the same worker received again', () => {
  it('is not begun a second time while what was begun is not over', async () => {
    const { world, observer } = watched(70_000);
    await world.begin([TASK]);
    const { extend } = world.queue;
    let beats = 0;
    world.queue.extend = async (receipts, ms) => {
      beats += 1;
      return beats === 1 ? extend.call(world.queue, receipts, ms) : new Set();
    };
    await world.stream();
    expect(observer.of('begun')).toHaveLength(1);
    expect(world.site.asked(late)).toBe(1);
    world.queue.extend = extend;
    await world.drain();
    await expectExact(world, [quick, late]);
  });
});

describe('pauses that could not be kept', () => {
  it('break the task, so that its host is not asked too soon by the next worker', async () => {
    const [url = ''] = urlsOf('busy.example', 1);
    const quiet = status(429, { 'retry-after': '45' });
    const world = new World({ [url]: [quiet, image('b')] });
    await world.begin([aTask('w0-g1-0', [url])]);
    const { results } = world.ledger;
    const { settle } = results;
    results.settle = () => Promise.reject(new Error('no answer'));
    const beganMs = world.clock.now();
    const ends = await world.deliver();
    expect(ends?.map(({ end }) => end.kind)).toEqual(['broken']);
    results.settle = settle;
    world.replaceWorker();
    await world.drain();
    const [, second] = world.site.visits.map(({ atMs }) => atMs - beganMs);
    expect(second).toBeGreaterThanOrEqual(45_000);
    await expectExact(world, [url]);
  });

  it('are written again before the task is closed, where a write of them failed before', async () => {
    const [busy = ''] = urlsOf('busy.example', 1);
    const quiet = status(429, { 'retry-after': '45' });
    const site = { [busy]: [quiet, image('b')], [late]: [slow(8000, image('l'))] };
    const world = new World(site);
    await world.begin([aTask('w0-g1-0', [busy, late])]);
    const { results } = world.ledger;
    const { settle } = results;
    results.settle = () => {
      results.settle = settle;
      return Promise.reject(new Error('throttled'));
    };
    const beganMs = world.clock.now();
    const ends = await world.deliver();
    expect(ends?.map(({ end }) => end.kind)).toEqual(['done']);
    expect(world.ledger.hosts.record('busy.example')?.pausedUntilMs).toBe(beganMs + 45_000);
  });
});
