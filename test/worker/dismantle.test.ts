import { describe, expect, it } from 'vitest';
import type { SettledResult } from '../../core/model/result.ts';
import type { Task } from '../../core/model/task.ts';
import { dismantle } from '../../core/worker/dismantle.ts';
import { expectExact } from './expect-exact.ts';
import { settleAll } from './packs.ts';
import { aTask, RUN_ID, urlsOf } from './records.ts';
import { image } from './scripted-site.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 3);
const [u0 = '', u1 = '', u2 = ''] = URLS;
const SITE = Object.fromEntries(URLS.map((url) => [url, [image(url)]]));
const TASK = aTask('w0-g1-0', URLS);
const SINGLE = aTask('w0-g1-0', [u0]);

/** A world in which the task died, with no copy of it in the queue. */
async function afterDeathOf(task: Task): Promise<World> {
  const world = new World(SITE);
  await world.begin([task]);
  for (const { receipt } of world.queue.receiveNow(10)) world.queue.acknowledge(receipt);
  return world;
}

function settledBy(taskId: string, url: string): SettledResult {
  const about = { runId: RUN_ID, taskId, round: 0, url, attempts: 1, durationMs: 1 };
  return { ...about, status: 'failed', reason: 'not-found', fetchedAt: '2026-01-01T00:00:00.000Z' };
}

describe('a dead task', () => {
  it('goes back as tasks of one target each', async () => {
    const world = await afterDeathOf(TASK);
    expect(await dismantle(TASK, world)).toEqual({ kind: 'taken-apart', targets: 3 });
    const singles = world.queue
      .receiveNow(10)
      .map(({ task }) => [task.taskId, task.targets.length]);
    expect(singles).toEqual([
      ['w0-g1-0!0', 1],
      ['w0-g1-0!1', 1],
      ['w0-g1-0!2', 1],
    ]);
  });

  it('gives back only what is open', async () => {
    const world = await afterDeathOf(TASK);
    await settleAll(world.ledger.results, [settledBy(TASK.taskId, u1)]);
    expect(await dismantle(TASK, world)).toEqual({ kind: 'taken-apart', targets: 2 });
    await world.drain();
    await expectExact(world, URLS);
    expect(world.site.asked(u1)).toBe(0);
  });

  it('with nothing open is only marked as done', async () => {
    const world = await afterDeathOf(TASK);
    const results = URLS.map((url) => settledBy(TASK.taskId, url));
    await settleAll(world.ledger.results, results);
    expect(await dismantle(TASK, world)).toEqual({ kind: 'nothing-open' });
    expect(await world.queue.depth()).toBe(0);
    await expectExact(world, URLS);
  });

  it('that is done is left alone', async () => {
    const world = await afterDeathOf(TASK);
    await dismantle(TASK, world);
    await world.drain();
    const before = world.ledger.tasks.all(RUN_ID);
    expect(await dismantle(TASK, world)).toEqual({ kind: 'nothing-open' });
    expect(world.ledger.tasks.all(RUN_ID)).toEqual(before);
  });

  it('keeps the attempts that its targets had', async () => {
    const tried = { ...TASK, targets: [{ url: u0 }, { url: u1, tries: 2 }, { url: u2 }] };
    const world = await afterDeathOf(tried);
    await dismantle(tried, world);
    const tries = world.queue.receiveNow(10).map(({ task }) => task.targets[0]?.tries ?? 0);
    expect(tries).toEqual([0, 2, 0]);
  });

  it('of one target that never ran alone gets another chance', async () => {
    const world = await afterDeathOf(SINGLE);
    expect(await dismantle(SINGLE, world)).toEqual({ kind: 'given-another-chance' });
    await world.drain();
    expect(world.result(u0)?.status).toBe('succeeded');
    await expectExact(world, [u0]);
  });

  it('of one target that ran alone twice gets another chance, and the start is remembered', async () => {
    const world = await afterDeathOf(SINGLE);
    await world.ledger.tasks.countSoloStart(SINGLE);
    await world.ledger.tasks.countSoloStart(SINGLE);
    expect(await dismantle(SINGLE, world)).toEqual({ kind: 'given-another-chance' });
    const [again] = world.queue.receiveNow(1);
    if (again === undefined) throw new Error('it did not come back');
    await world.ledger.tasks.countSoloStart(again.task);
    expect(await dismantle(again.task, world)).toEqual({ kind: 'dead-lettered', url: u0 });
  });

  it('of one target that ran alone three times and never ended is settled as failed', async () => {
    const world = await afterDeathOf(SINGLE);
    for (let start = 0; start < 3; start += 1) await world.ledger.tasks.countSoloStart(SINGLE);
    expect(await dismantle(SINGLE, world)).toEqual({ kind: 'dead-lettered', url: u0 });
    expect(world.result(u0)).toMatchObject({
      status: 'failed',
      reason: 'dead-lettered',
      attempts: 3,
    });
    await expectExact(world, [u0]);
  });

  it.each([1, 2, 3, 4])(
    'is taken apart once, though the first to do it died at call %i',
    async (atCall) => {
      const world = new World(SITE, {
        maxReceiveCount: 1,
        deaths: [
          { atCall: 1, when: 'after' },
          { atCall: 99, when: 'after' },
          { atCall, when: 'after' },
        ],
      });
      await world.begin([TASK]);
      expect(await world.deliver()).toBeUndefined();
      await world.waitForReturn();
      await world.deliver();
      await world.deliverDead();
      expect(u2).not.toBe('');
      await world.drain();
      await expectExact(world, URLS);
    },
  );
});
