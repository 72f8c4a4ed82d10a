import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_TASK_BYTES } from '../../core/task.ts';
import { aTask } from '../worker/records.ts';
import { QUEUES, type QueueMaker, type QueueSubject } from './task-queues.ts';

const URL = 'https://a.example/0.png';
const taskOf = (id: string, group: string) => aTask(id, [URL], { group });

describe.each(Object.entries(QUEUES))('%s', (_, make) => {
  let maker: QueueMaker;
  let subject: QueueSubject;

  beforeAll(async () => {
    maker = await make();
  });
  afterAll(() => maker.close());
  beforeEach(async () => {
    subject = await maker.open();
  });

  const idsOf = async (max: number, withinS?: number) =>
    (await subject.receive(max, withinS)).map(({ task }) => task.taskId);
  const one = async () => {
    const [received] = await subject.receive(1);
    if (received === undefined) throw new Error('a task was expected');
    return received;
  };

  it('gives a task as it was sent', async () => {
    const task = aTask('t~1', [URL], { notBeforeMs: 12, generation: 1, soloStarts: 1, round: 2 });
    const sent = { ...task, targets: [{ url: URL, tries: 2 }] };
    await subject.queue.send([sent]);
    expect(await one()).toMatchObject({ task: sent, receiveCount: 1 });
  });

  it('gives tasks of a group in their order, and none while one of them is out', async () => {
    await subject.queue.send([taskOf('t0', 'g1')]);
    const first = await one();
    await subject.queue.send([taskOf('t1', 'g1')]);
    expect(await idsOf(10)).toEqual([]);
    await subject.queue.remove(first.receipt);
    expect(await idsOf(10)).toEqual(['t1']);
  });

  it('gives tasks of several groups at once', async () => {
    await subject.queue.send(['g1', 'g2', 'g3'].map((group) => taskOf(`t-${group}`, group)));
    expect(await idsOf(10)).toEqual(['t-g1', 't-g2', 't-g3']);
  });

  it('gives no more tasks than were asked for', async () => {
    await subject.queue.send(['g1', 'g2', 'g3'].map((group) => taskOf(`t-${group}`, group)));
    expect(await idsOf(2)).toHaveLength(2);
    expect(await idsOf(2)).toHaveLength(1);
  });

  it('takes any number of tasks, of any size that a task may have', async () => {
    const url = `https://a.example/${'x'.repeat(8000)}`;
    const targets = Array.from({ length: Math.floor(MAX_TASK_BYTES / 8100) }, (_, at) => ({
      url: `${url}${at}`,
    }));
    const tasks = Array.from({ length: 25 }, (_, at) => ({
      ...taskOf(`t${at}`, `g${at}`),
      targets,
    }));
    await subject.queue.send(tasks);
    const received = [await idsOf(10), await idsOf(10), await idsOf(10)].flat();
    expect(received.toSorted()).toEqual(tasks.map(({ taskId }) => taskId).toSorted());
  });

  it('takes nothing at all', async () => {
    await subject.queue.send([]);
    expect(await subject.queue.depth()).toBe(0);
  });

  it('drops in silence a task that it saw a moment ago, even one that is gone', async () => {
    await subject.queue.send([taskOf('t0', 'g1')]);
    await subject.queue.send([taskOf('t0', 'g1')]);
    expect(await subject.queue.depth()).toBe(1);
    await subject.queue.remove((await one()).receipt);
    await subject.queue.send([taskOf('t0', 'g1')]);
    expect(await subject.queue.depth()).toBe(0);
  });

  it('takes tasks of two runs for two, whatever their ids', async () => {
    await subject.queue.send([taskOf('t0', 'g1'), { ...taskOf('t0', 'g2'), runId: 'another' }]);
    expect(await subject.queue.depth()).toBe(2);
  });

  it('gives a postponed task again when its time has come, with one more delivery', async () => {
    await subject.queue.send([taskOf('t0', 'g1')]);
    await subject.queue.postpone((await one()).receipt, 1000);
    expect(await idsOf(10)).toEqual([]);
    const [again] = await subject.receive(10, 3);
    expect(again).toMatchObject({ task: { taskId: 't0' }, receiveCount: 2 });
  });

  it('lets the group of a postponed task wait with it', async () => {
    await subject.queue.send([taskOf('t0', 'g1')]);
    const { receipt } = await one();
    await subject.queue.send([taskOf('t1', 'g1'), taskOf('t2', 'g2')]);
    await subject.queue.postpone(receipt, 60_000);
    expect(await idsOf(10)).toEqual(['t2']);
  });

  it('gives a task that was postponed by nothing at once, before the others of its group', async () => {
    await subject.queue.send([taskOf('t0', 'g1')]);
    const { receipt } = await one();
    await subject.queue.send([taskOf('t1', 'g1')]);
    await subject.queue.postpone(receipt, 0);
    expect((await one()).task.taskId).toBe('t0');
  });

  it.each([-5, 0.4, 50_000_000])(
    'can postpone by %d milliseconds, a time SQS does not know',
    async (ms) => {
      await subject.queue.send([taskOf('t0', 'g1')]);
      await expect(subject.queue.postpone((await one()).receipt, ms)).resolves.toBeUndefined();
    },
  );

  it('refuses to postpone what is gone', async () => {
    await subject.queue.send([taskOf('t0', 'g1')]);
    const { receipt } = await one();
    await subject.queue.remove(receipt);
    await expect(subject.queue.postpone(receipt, 1000)).rejects.toThrow();
  });

  it('removes a task twice without harm', async () => {
    await subject.queue.send([taskOf('t0', 'g1')]);
    const { receipt } = await one();
    await subject.queue.remove(receipt);
    await subject.queue.remove(receipt);
    expect(await idsOf(10)).toEqual([]);
  });

  it('counts the tasks that wait, and not those that are out', async () => {
    await subject.queue.send(['g1', 'g2', 'g3'].map((group) => taskOf(`t-${group}`, group)));
    expect(await subject.queue.depth()).toBe(3);
    await one();
    expect(await subject.queue.depth()).toBe(2);
  });
});
