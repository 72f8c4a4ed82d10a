import { describe, expect, it } from 'vitest';
import { QUEUE_LIMITS } from '../../contract/limits.ts';
import type { Delivery } from '../../core/ports/task-queue.ts';
import { aTask } from '../worker/records.ts';
import { oneForEachTest } from './one-for-each-test.ts';
import { QUEUES } from './task-queues.ts';

const URL = 'https://a.example/0.png';
/** Tasks of as many bytes as a task may have. */
function largeTasks(count: number) {
  const url = `https://a.example/${'x'.repeat(8000)}`;
  const targets = Array.from({ length: Math.floor(QUEUE_LIMITS.taskBytes / 8100) }, (_, at) => ({
    url: `${url}${at}`,
  }));
  return Array.from({ length: count }, (_, at) => ({ ...taskOf(`t${at}`, `g${at}`), targets }));
}

const taskOf = (id: string, group: string) => aTask(id, [URL], { group });

describe.each(Object.entries(QUEUES))('%s', (_, make) => {
  const subject = oneForEachTest(make);

  const receive = (max: number, waitS = 0, visibilityMs = 60_000) =>
    subject().drive(subject().queue.receive({ max, waitMs: waitS * 1000, visibilityMs }));
  const tasksOf = (deliveries: readonly Delivery[]) =>
    deliveries.map((delivery) => {
      if (delivery.kind === 'task') return delivery.received;
      throw new Error(`a task was expected: ${delivery.problem}`);
    });
  const idsOf = async (max: number, waitS?: number) =>
    tasksOf(await receive(max, waitS)).map(({ task }) => task.taskId);
  const one = async (visibilityMs?: number) => {
    const [received] = tasksOf(await receive(1, 0, visibilityMs));
    if (received === undefined) throw new Error('a task was expected');
    return received;
  };

  it('gives a task as it was sent', async () => {
    const change = { generation: 1, soloStarts: 1, faults: 3, round: 2 };
    const task = aTask('t~1', [URL], change);
    const sent = { ...task, targets: [{ url: URL, tries: 2 }] };
    await subject().queue.send([sent]);
    expect(await one()).toMatchObject({ task: sent, receiveCount: 1 });
  });

  it('gives tasks of a group in their order, and none while one of them is out', async () => {
    await subject().queue.send([taskOf('t0', 'g1')]);
    const first = await one();
    await subject().queue.send([taskOf('t1', 'g1')]);
    expect(await idsOf(10)).toEqual([]);
    await subject().queue.remove([first.receipt]);
    expect(await idsOf(10)).toEqual(['t1']);
  });

  it('gives tasks of several groups at once', async () => {
    await subject().queue.send(['g1', 'g2', 'g3'].map((group) => taskOf(`t-${group}`, group)));
    expect(await idsOf(10)).toEqual(['t-g1', 't-g2', 't-g3']);
  });

  it('gives no more tasks than were asked for', async () => {
    await subject().queue.send(['g1', 'g2', 'g3'].map((group) => taskOf(`t-${group}`, group)));
    expect(await idsOf(2)).toHaveLength(2);
    expect(await idsOf(2)).toHaveLength(1);
  });

  it('takes any number of tasks, of any size that a task may have', async () => {
    const tasks = largeTasks(25);
    await subject().queue.send(tasks);
    const received = [await idsOf(10), await idsOf(10), await idsOf(10)].flat();
    expect(received.toSorted()).toEqual(tasks.map(({ taskId }) => taskId).toSorted());
  });

  it('takes nothing at all', async () => {
    await subject().queue.send([]);
    expect(await subject().queue.depth()).toBe(0);
  });

  it('drops in silence a task that it saw a moment ago, even one that is gone', async () => {
    await subject().queue.send([taskOf('t0', 'g1')]);
    await subject().queue.send([taskOf('t0', 'g1')]);
    expect(await subject().queue.depth()).toBe(1);
    await subject().queue.remove([(await one()).receipt]);
    await subject().queue.send([taskOf('t0', 'g1')]);
    expect(await subject().queue.depth()).toBe(0);
  });

  it('takes tasks of two runs for two, whatever their ids', async () => {
    await subject().queue.send([taskOf('t0', 'g1'), { ...taskOf('t0', 'g2'), runId: 'another' }]);
    expect(await subject().queue.depth()).toBe(2);
  });

  it('gives a postponed task again when its time has come, with one more delivery', async () => {
    await subject().queue.send([taskOf('t0', 'g1')]);
    await subject().queue.postpone((await one()).receipt, 1000);
    expect(await idsOf(10)).toEqual([]);
    const [again] = tasksOf(await receive(10, 3));
    expect(again).toMatchObject({ task: { taskId: 't0' }, receiveCount: 2 });
  });

  it('lets the group of a postponed task wait with it', async () => {
    await subject().queue.send([taskOf('t0', 'g1')]);
    const { receipt } = await one();
    await subject().queue.send([taskOf('t1', 'g1'), taskOf('t2', 'g2')]);
    await subject().queue.postpone(receipt, 60_000);
    expect(await idsOf(10)).toEqual(['t2']);
  });

  it('gives a task that was postponed by nothing at once, before the others of its group', async () => {
    await subject().queue.send([taskOf('t0', 'g1')]);
    const { receipt } = await one();
    await subject().queue.send([taskOf('t1', 'g1')]);
    await subject().queue.postpone(receipt, 0);
    expect((await one()).task.taskId).toBe('t0');
  });

  it.each([-5, 0.4, 50_000_000])(
    'can postpone by %d milliseconds, a time SQS does not know',
    async (ms) => {
      await subject().queue.send([taskOf('t0', 'g1')]);
      await expect(subject().queue.postpone((await one()).receipt, ms)).resolves.toBeUndefined();
    },
  );

  it('refuses to postpone what is gone', async () => {
    await subject().queue.send([taskOf('t0', 'g1')]);
    const { receipt } = await one();
    await subject().queue.remove([receipt]);
    await expect(subject().queue.postpone(receipt, 1000)).rejects.toThrow();
  });

  it('removes a task twice without harm', async () => {
    await subject().queue.send([taskOf('t0', 'g1')]);
    const { receipt } = await one();
    await subject().queue.remove([receipt]);
    await subject().queue.remove([receipt]);
    expect(await idsOf(10)).toEqual([]);
  });

  it('removes tasks in any number', async () => {
    const groups = Array.from({ length: 12 }, (_, at) => `g${at}`);
    await subject().queue.send(groups.map((group) => taskOf(`t-${group}`, group)));
    const received = tasksOf([...(await receive(10)), ...(await receive(10))]);
    await subject().queue.send(groups.map((group) => taskOf(`next-${group}`, group)));
    await subject().queue.remove(received.map(({ receipt }) => receipt));
    expect(await subject().queue.depth()).toBe(12);
    expect(await idsOf(10)).toHaveLength(10);
  });

  it('removes nothing at all', async () => {
    await expect(subject().queue.remove([])).resolves.toBeUndefined();
  });

  it('counts the tasks that wait, and not those that are out', async () => {
    await subject().queue.send(['g1', 'g2', 'g3'].map((group) => taskOf(`t-${group}`, group)));
    expect(await subject().queue.depth()).toBe(3);
    await one();
    expect(await subject().queue.depth()).toBe(2);
  });

  describe('a receive', () => {
    it('waits for a task that comes meanwhile', async () => {
      const received = receive(10, 20);
      await subject().queue.send([taskOf('t0', 'g1')]);
      expect(tasksOf(await received)).toMatchObject([{ task: { taskId: 't0' } }]);
    });

    it('waits for a task whose group is given free meanwhile', async () => {
      await subject().queue.send([taskOf('t0', 'g1')]);
      const { receipt } = await one();
      await subject().queue.send([taskOf('t1', 'g1')]);
      const received = receive(10, 20);
      await subject().queue.remove([receipt]);
      expect(tasksOf(await received)).toMatchObject([{ task: { taskId: 't1' } }]);
    });

    it('ends with nothing when its time is over', async () => {
      expect(await receive(10, 1)).toEqual([]);
    });

    it('hides what it gives for as long as it was told', async () => {
      await subject().queue.send([taskOf('t0', 'g1')]);
      await one(1000);
      expect(await receive(1)).toEqual([]);
      const [again] = tasksOf(await receive(1, 3));
      expect(again).toMatchObject({ task: { taskId: 't0' }, receiveCount: 2 });
    });

    it('gives ten at most', async () => {
      const groups = Array.from({ length: 12 }, (_, at) => `g${at}`);
      await subject().queue.send(groups.map((group) => taskOf(`t-${group}`, group)));
      expect(await receive(50)).toHaveLength(10);
    });

    it('tells each time when it began', async () => {
      await subject().queue.send([taskOf('t0', 'g1')]);
      for (const delivery of [1, 2]) {
        const beforeMs = subject().clock.now();
        const { receipt, receivedMs, receiveCount } = await one();
        expect(receiveCount).toBe(delivery);
        expect(receivedMs).toBeGreaterThanOrEqual(beforeMs);
        expect(receivedMs).toBeLessThanOrEqual(subject().clock.now());
        await subject().queue.postpone(receipt, 0);
      }
    });

    it('tells a body that is no task from a task', async () => {
      await subject().sendBody('g1', '{ what?');
      await subject().queue.send([taskOf('t0', 'g2')]);
      const [poison, task] = await receive(10);
      expect(task).toMatchObject({ kind: 'task', received: { task: { taskId: 't0' } } });
      expect(poison).toEqual({
        kind: 'poison',
        messageId: expect.stringMatching(/./),
        receipt: expect.stringMatching(/./),
        problem: expect.stringContaining('expected'),
      });
      if (poison?.kind === 'poison') await subject().queue.remove([poison.receipt]);
      await subject().queue.send([taskOf('t1', 'g1')]);
      expect(await idsOf(10)).toEqual(['t1']);
    });
  });

  describe('a deferred task', () => {
    it('comes back to its group when its time has come', async () => {
      const task = aTask('t~1', [URL], { generation: 1, round: 2, group: 'g1' });
      await subject().queue.defer([task], 1000);
      expect(await subject().release(0)).toBe(0);
      expect(await idsOf(10)).toEqual([]);
      expect(await subject().release(3)).toBe(1);
      expect(await one()).toMatchObject({ task, receiveCount: 1 });
    });

    it('does not hold its group, and is not counted with the tasks that wait', async () => {
      await subject().queue.defer([taskOf('t0', 'g1')], 60_000);
      await subject().queue.send([taskOf('t1', 'g1')]);
      expect(await subject().queue.depth()).toBe(1);
      expect(await idsOf(10)).toEqual(['t1']);
    });

    it('comes back at once when it is deferred by nothing', async () => {
      await subject().queue.defer([taskOf('t0', 'g1')], 0);
      expect(await subject().release(0)).toBe(1);
      expect(await idsOf(10)).toEqual(['t0']);
    });

    it('comes with any number of others, of any size that a task may have', async () => {
      const tasks = largeTasks(12);
      await subject().queue.defer(tasks, 0);
      let released = 0;
      while (released < tasks.length) released += await subject().release(1);
      const received = [await idsOf(10), await idsOf(10)].flat();
      expect(received.toSorted()).toEqual(tasks.map(({ taskId }) => taskId).toSorted());
    });

    it('can be none', async () => {
      await subject().queue.defer([], 1000);
      expect(await subject().release(0)).toBe(0);
    });

    it.each([-5, 0.4, 50_000_000])(
      'can be deferred by %d milliseconds, a time SQS does not know',
      async (ms) => {
        await expect(subject().queue.defer([taskOf('t0', 'g1')], ms)).resolves.toBeUndefined();
      },
    );
  });

  describe('deliveries that are extended', () => {
    it('stay out for as long as that', async () => {
      await subject().queue.send([taskOf('t0', 'g1'), taskOf('t1', 'g2')]);
      const [kept, left] = tasksOf(await receive(10, 0, 1000));
      const receipt = kept?.receipt ?? '';
      expect(await subject().queue.extend([receipt], 60_000)).toEqual(new Set([receipt]));
      const [again] = tasksOf(await receive(1, 3));
      expect(again?.task).toEqual(left?.task);
      expect(await receive(10)).toEqual([]);
    });

    it('are those that are still out', async () => {
      await subject().queue.send([taskOf('t0', 'g1'), taskOf('t1', 'g2')]);
      const [gone = '', held = ''] = tasksOf(await receive(10)).map(({ receipt }) => receipt);
      await subject().queue.remove([gone]);
      expect(await subject().queue.extend([gone, held], 60_000)).toEqual(new Set([held]));
    });

    it('are not the caller’s any more when they were given to another one', async () => {
      await subject().queue.send([taskOf('t0', 'g1')]);
      const first = await one(1000);
      const [second] = tasksOf(await receive(1, 3));
      const receipts = [first.receipt, second?.receipt ?? ''];
      expect(await subject().queue.extend(receipts, 60_000)).toEqual(new Set(receipts.slice(1)));
    });

    it('can be any number', async () => {
      const groups = Array.from({ length: 12 }, (_, at) => `g${at}`);
      await subject().queue.send(groups.map((group) => taskOf(`t-${group}`, group)));
      const received = tasksOf([...(await receive(10)), ...(await receive(10))]);
      const receipts = received.map(({ receipt }) => receipt);
      expect(receipts).toHaveLength(12);
      expect(await subject().queue.extend(receipts, 60_000)).toEqual(new Set(receipts));
      expect(await subject().queue.extend([], 60_000)).toEqual(new Set());
    });
  });
});
