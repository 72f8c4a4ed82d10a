import { describe, expect, it } from 'vitest';
import { expectExact } from './expect-exact.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { image } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 4);
const SITE = Object.fromEntries(URLS.map((url) => [url, [image(url)]]));
const TASK = aTask('w0-g1-0', URLS);
/** Less than what is kept for closing. */
const NO_TIME_MS = 5000;

describe('a task whose invocation runs out of time', () => {
  it('is done, and its targets are in a new task of its group with a new id', async () => {
    const world = new World(SITE);
    await world.begin([TASK]);
    const [worked] = (await world.deliver(10, NO_TIME_MS)) ?? [];
    expect(worked?.end).toEqual({ kind: 'done' });
    const [rest] = world.queue.receiveNow(10);
    expect(rest?.task).toMatchObject({ group: TASK.group, round: TASK.round, generation: 1 });
    expect(rest?.task.taskId).toMatch(new RegExp(`^r-${TASK.group}-[\\w-]{22}$`));
    expect(rest?.task.targets.map(({ url }) => url)).toEqual(URLS);
    expect(world.site.visits).toEqual([]);
  });

  it('moves only what it did not come to, and the sums stay exact', async () => {
    const world = new World(SITE, { settings: { perHost: 1, delayMs: 10_000 } });
    await world.begin([TASK]);
    await world.deliver(10, 35_000);
    expect(world.site.visits).toHaveLength(2);
    expect(await world.progress()).toMatchObject({ succeeded: 2, targets: 4, ended: false });
    await world.drain(35_000);
    await expectExact(world, URLS);
  });

  it('has its rest moved on again and again, under an id of its own each time', async () => {
    const world = new World(SITE, { settings: { perHost: 1, delayMs: 10_000 } });
    await world.begin([TASK]);
    await world.drain(21_000);
    const rests = world.ledger.tasks.all(RUN_ID).filter(({ taskId }) => taskId !== 'w0-g1-0');
    expect(new Set(rests.map(({ taskId }) => taskId)).size).toBe(3);
    expect(rests.map(({ body = '' }) => JSON.parse(body).generation)).toEqual([1, 2, 3]);
    expect(rests.map(({ targets }) => targets)).toEqual([3, 2, 1]);
    await expectExact(world, URLS);
  });

  it.each(
    [1, 2, 3, 4, 5].flatMap((atCall) => [
      { atCall, when: 'before' as const },
      { atCall, when: 'after' as const },
    ]),
  )(
    'leaves no orphan when it dies at call $atCall, $when it, and the next one has time',
    async (death) => {
      const world = new World(SITE, { deaths: [death] });
      await world.begin([TASK]);
      expect(await world.deliver(10, NO_TIME_MS)).toBeUndefined();
      await world.drain();
      await expectExact(world, URLS);
    },
  );
});
