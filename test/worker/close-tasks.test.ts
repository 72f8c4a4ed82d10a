import { describe, expect, it } from 'vitest';
import { QUEUE_LIMITS } from '../../contract/limits.ts';
import type { Task } from '../../core/model/task.ts';
import { expectExact } from './expect-exact.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { image, type Script, status } from './scripted-site.ts';
import { World, type WorldOptions } from './world.ts';

const GROUP = { group: 'g1' };

/** URLs of a host whose first answer asks for a pause of so many seconds. */
function pausing(host: string, seconds: number, count = 2): Script {
  const quiet = status(429, { 'retry-after': String(seconds) });
  return Object.fromEntries(urlsOf(host, count).map((url) => [url, [quiet, image(url)]]));
}

/** A task of all URLs of these sites. */
function taskOf(id: string, site: Script, change: Partial<Task> = {}): Task {
  return aTask(id, Object.keys(site), { ...GROUP, ...change });
}

/** What one worker leaves of these tasks: the new ones that it sent, in the order in which they are due. */
async function restsOf(script: Script, tasks: readonly Task[], options: WorldOptions = {}) {
  const world = new World(script, { latencyMs: 50, ...options });
  const sent: { readonly task: Task; readonly afterMs: number }[] = [];
  const { defer } = world.queue;
  world.queue.defer = async (all, delayMs) => {
    sent.push(...all.map((task) => ({ task, afterMs: delayMs })));
    return defer.call(world.queue, all, delayMs);
  };
  await world.begin(tasks);
  const beganMs = world.clock.now();
  await world.deliver();
  const urls = (one: Task) => one.targets.map(({ url }) => url).toSorted();
  return {
    beganMs,
    rests: sent.map(({ task, ...rest }) => ({ ...rest, task, urls: urls(task) })),
    world,
  };
}

describe('what waits in several tasks of a group', () => {
  it('leaves them as one task', async () => {
    const script = { ...pausing('a.example', 45), ...pausing('b.example', 45) };
    const tasks = [
      taskOf('w0-g1-0', pausing('a.example', 45)),
      taskOf('w0-g1-1', pausing('b.example', 45)),
    ];
    const { rests, world } = await restsOf(script, tasks);
    expect(rests.map(({ urls }) => urls)).toEqual([Object.keys(script).toSorted()]);
    expect(rests[0]?.task).toMatchObject({ group: 'g1', round: 0, generation: 1 });
    expect(
      world.ledger.tasks
        .all(RUN_ID)
        .map(({ done }) => done)
        .toSorted(),
    ).toEqual([false, true, true]);
    await world.drain();
    await expectExact(world, Object.keys(script));
  });

  it('is joined where it is due at nearly one time, and comes when the last of it is', async () => {
    const script = { ...pausing('a.example', 45), ...pausing('b.example', 60) };
    const { rests, world } = await restsOf(script, [taskOf('w0-g1-0', script)]);
    expect(rests.map(({ urls }) => urls)).toEqual([Object.keys(script).toSorted()]);
    expect(rests[0]?.afterMs).toBeGreaterThan(58_000);
    expect(rests[0]?.afterMs).toBeLessThanOrEqual(60_000);
    await world.drain();
    await expectExact(world, Object.keys(script));
  });

  it('is two tasks where it is due at two times', async () => {
    const [soon, late] = [pausing('a.example', 45), pausing('b.example', 600)];
    const script = { ...soon, ...late };
    const { rests, world } = await restsOf(script, [taskOf('w0-g1-0', script)]);
    expect(rests.map(({ urls }) => urls)).toEqual([
      Object.keys(soon).toSorted(),
      Object.keys(late).toSorted(),
    ]);
    expect(new Set(rests.map(({ task }) => task.taskId)).size).toBe(2);
    await world.drain();
    await expectExact(world, Object.keys(script));
  });

  it('is not joined over two rounds', async () => {
    const [first, second] = [pausing('a.example', 45), pausing('b.example', 45)];
    const script = { ...first, ...second };
    const tasks = [taskOf('w0-g1-0', first), taskOf('w1-g1-0', second, { round: 1 })];
    const { rests, world } = await restsOf(script, tasks);
    expect(rests.map(({ task, urls }) => [task.round, urls]).toSorted()).toEqual([
      [0, Object.keys(first).toSorted()],
      [1, Object.keys(second).toSorted()],
    ]);
    await world.drain();
    await expectExact(world, Object.keys(script));
  });

  it('is as many tasks as it needs, each with an id of its own', async () => {
    const [first, second] = [pausing('a.example', 45, 80), pausing('b.example', 45, 80)];
    const script = { ...first, ...second };
    const tasks = [taskOf('w0-g1-0', first), taskOf('w0-g1-1', second)];
    const { rests, world } = await restsOf(script, tasks);
    expect(rests.map(({ urls }) => urls.length)).toEqual([
      QUEUE_LIMITS.taskTargets,
      160 - QUEUE_LIMITS.taskTargets,
    ]);
    expect(new Set(rests.map(({ task }) => task.taskId)).size).toBe(2);
    expect(rests.flatMap(({ urls }) => urls).toSorted()).toEqual(Object.keys(script).toSorted());
    await world.drain();
    await expectExact(world, Object.keys(script));
  });

  it('has a generation above that of each task it comes from', async () => {
    const [first, second] = [pausing('a.example', 45), pausing('b.example', 45)];
    const tasks = [taskOf('w0-g1-0', first), taskOf('r-g1-x', second, { generation: 4 })];
    const { rests } = await restsOf({ ...first, ...second }, tasks);
    expect(rests.map(({ task }) => task.generation)).toEqual([5]);
  });

  it('leaves them only when nothing else of the group is under way', async () => {
    const [quiet, others] = [pausing('a.example', 45), urlsOf('b.example', 20)];
    const script = { ...quiet, ...Object.fromEntries(others.map((url) => [url, [image(url)]])) };
    const tasks = [taskOf('w0-g1-0', quiet), aTask('w0-g1-1', others, GROUP)];
    const { beganMs, rests, world } = await restsOf(script, tasks, {
      latencyMs: 1000,
      settings: { perHost: 1 },
    });
    expect(rests).toHaveLength(1);
    // It is due 45 seconds after it was refused, and was sent when the others were done.
    expect(rests[0]?.afterMs).toBeLessThan(45_000 - 19_000);
    expect(world.clock.now() - beganMs).toBeGreaterThanOrEqual(20_000);
    await world.drain();
    await expectExact(world, Object.keys(script));
  });
});

describe('what is left when time is over', () => {
  it('is sent at once, apart from what has to wait', async () => {
    const quiet = pausing('a.example', 45, 1);
    const slow = urlsOf('b.example', 3);
    const script = { ...quiet, ...Object.fromEntries(slow.map((url) => [url, [image(url)]])) };
    const world = new World(script, { latencyMs: 4000, settings: { perHost: 1 } });
    await world.begin([taskOf('w0-g1-0', script)]);
    await world.deliver(10, 25_000);
    const now = world.queue.receiveNow(10).map(({ task }) => task.targets.map(({ url }) => url));
    expect(now).toEqual([slow.slice(2)]);
    expect(world.queue.nextReleaseMs()).toBeDefined();
  });
});

describe('a rest that was made twice', () => {
  it('is in the queue once: its maker died before it could say that it was done', async () => {
    const script = pausing('a.example', 45);
    const find = async () => {
      const world = new World(script, { latencyMs: 50 });
      const ids: string[] = [];
      const { record, register } = world.ledger.tasks;
      let fails = true;
      world.ledger.tasks.record = (progress) => {
        if (!fails) return record.call(world.ledger.tasks, progress);
        return Promise.reject(new Error('no answer'));
      };
      world.ledger.tasks.register = (tasks) => {
        ids.push(...tasks.map(({ taskId }) => taskId));
        return register.call(world.ledger.tasks, tasks);
      };
      await world.begin([taskOf('w0-g1-0', script)]);
      await world.deliver();
      fails = false;
      await world.drain();
      await expectExact(world, Object.keys(script));
      return ids;
    };
    const ids = await find();
    expect(ids.length).toBeGreaterThanOrEqual(1);
    expect(await find()).toEqual(ids);
  });
});
