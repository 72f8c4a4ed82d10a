import { describe, expect, it } from 'vitest';
import type { TaskProgress } from '../../core/model/progress.ts';
import type { Task } from '../../core/model/task.ts';
import { aTask, RUN_ID, urlsOf } from '../worker/records.ts';
import { LEDGERS } from './ledgers.ts';
import { oneForEachTest } from './one-for-each-test.ts';

const URLS = urlsOf('a.example', 99);
/** Tasks of a lane, one behind the other; of another lane; of none. */
const TASK = aTask('w0-g1-0-0', URLS.slice(0, 3), { group: 'g1' });
const SECOND = { ...TASK, taskId: 'w2-g1-0-0' };
const BESIDE = { ...TASK, taskId: 'w0-g1-1-0' };
const REST = aTask('w0-g1-0-0~1', URLS.slice(0, 2), { group: 'g1', generation: 1 });
const NO_MEMORY = {
  soloStarts: 0,
  faults: 0,
  registered: false,
  done: false,
};

function progressOf(task: Task, change: Partial<TaskProgress> = {}): TaskProgress {
  const counts = {
    succeeded: 1,
    failed: 1,
    skipped: 0,
    reasons: { 'not-found': 1 },
    bytes: 10,
    documents: 0,
  } as const;
  const { runId, taskId, group } = task;
  const about = { runId, taskId, group, targets: task.targets.length };
  return { ...about, counts, elsewhere: 1, done: false, updatedMs: 7, ...change };
}

describe.each(Object.entries(LEDGERS))('the tasks of a ledger in %s', (_, make) => {
  const subject = oneForEachTest(make);

  const tasks = () => subject().ledger.tasks;
  const memoryOf = async (task: Task) => (await tasks().recall([task])).memories[0];
  const open = async (runId = RUN_ID) => {
    const found: Task[] = [];
    for await (const task of tasks().openRegistered(runId)) found.push(task);
    return found;
  };

  it('know nothing of a new task', async () => {
    expect(await memoryOf(TASK)).toEqual(NO_MEMORY);
    expect(await subject().sums(RUN_ID)).toMatchObject({
      doneTasks: 0,
      elsewhere: 0,
      updatedMs: 0,
    });
  });

  it('keep how far a task of a lane has come', async () => {
    const { counts } = progressOf(TASK);
    await tasks().record(progressOf(TASK));
    expect(await subject().sums(RUN_ID)).toMatchObject({ counts, elsewhere: 1, doneTasks: 0 });
  });

  it('keep the latest of several words about a task', async () => {
    await tasks().record(progressOf(TASK));
    await tasks().record(progressOf(TASK, { elsewhere: 2, done: true, updatedMs: 9 }));
    const { counts } = progressOf(TASK);
    const sums = { counts, elsewhere: 2, doneTasks: 1, updatedMs: 9 };
    expect(await subject().sums(RUN_ID)).toMatchObject(sums);
  });

  it('never reopen a task that is done', async () => {
    await tasks().record(progressOf(TASK, { done: true }));
    await tasks().record(progressOf(TASK, { elsewhere: 0, updatedMs: 99 }));
    await tasks().record(progressOf(TASK, { elsewhere: 0, updatedMs: 99, done: true }));
    const sums = { elsewhere: 1, doneTasks: 1, updatedMs: 7 };
    expect(await subject().sums(RUN_ID)).toMatchObject(sums);
  });

  it('add up the tasks of lanes, of groups and of none', async () => {
    for (const task of [TASK, BESIDE, SECOND])
      await tasks().record(progressOf(task, { done: true }));
    const other = { ...TASK, taskId: 'w0-g2-0-0', group: 'g2' };
    await tasks().record(progressOf(other));
    await tasks().register([REST]);
    await tasks().record(progressOf(REST, { done: true }));
    expect(await subject().sums(RUN_ID)).toEqual({
      counts: {
        succeeded: 5,
        failed: 5,
        skipped: 0,
        reasons: { 'not-found': 5 },
        bytes: 50,
        documents: 0,
      },
      elsewhere: 5,
      doneTasks: 4,
      registeredTasks: 1,
      registeredTargets: 2,
      updatedMs: 7,
    });
  });

  it('hold all tasks of a lane for done up to the last one that is', async () => {
    await tasks().record(progressOf(SECOND, { done: true }));
    const last = { ...TASK, taskId: 'w10-g1-0-0' };
    const { memories } = await tasks().recall([TASK, SECOND, last, BESIDE]);
    expect(memories.map(({ done }) => done)).toEqual([true, true, false, false]);
  });

  it('keep how many deliveries broke, beside how far the task is', async () => {
    await tasks().record(progressOf(TASK));
    await tasks().recordFault(TASK, 3);
    expect(await memoryOf(TASK)).toEqual({ ...NO_MEMORY, faults: 3 });
    expect(await subject().sums(RUN_ID)).toMatchObject({ elsewhere: 1 });
  });

  it('count the starts alone, and forget them when one ended in an error of ours', async () => {
    expect(await tasks().countSoloStart(TASK)).toBe(1);
    expect(await tasks().countSoloStart(TASK)).toBe(2);
    expect((await memoryOf(TASK))?.soloStarts).toBe(2);
    await tasks().recordFault(TASK, 1);
    expect(await memoryOf(TASK)).toEqual({ ...NO_MEMORY, faults: 1 });
    expect(await tasks().countSoloStart(TASK)).toBe(1);
  });

  it('recall that a task is done', async () => {
    await tasks().record(progressOf(TASK, { done: true }));
    expect(await memoryOf(TASK)).toEqual({ ...NO_MEMORY, done: true });
  });

  it('recall several tasks in their order, of several runs', async () => {
    const other = { ...TASK, runId: 'another' };
    await tasks().recordFault(other, 2);
    await tasks().register([REST]);
    const { memories } = await tasks().recall([REST, TASK, other]);
    expect(memories).toEqual([
      { ...NO_MEMORY, registered: true },
      NO_MEMORY,
      { ...NO_MEMORY, faults: 2 },
    ]);
  });

  it('refuse to recall a task twice', async () => {
    await expect(tasks().recall([TASK, TASK])).rejects.toThrow();
  });

  it('give back registered tasks that are open, as they were', async () => {
    const due = {
      ...REST,
      soloStarts: 1,
      targets: [{ url: URLS[0] ?? '', tries: 2 }],
    };
    await tasks().register([
      due,
      aTask('w0-g1-0-0!2', URLS.slice(2, 3), { group: 'g1', generation: 0 }),
    ]);
    const byId = (await open()).toSorted((a, b) => a.taskId.localeCompare(b.taskId));
    expect(byId.map(({ taskId }) => taskId)).toEqual(['w0-g1-0-0!2', 'w0-g1-0-0~1']);
    expect(byId[1]).toEqual(due);
    expect(await open('another')).toEqual([]);
  });

  it('give back no task that is done, and none that was only recorded', async () => {
    await tasks().register([REST]);
    await tasks().record(progressOf(TASK));
    await tasks().record(progressOf(REST, { done: true }));
    expect(await open()).toEqual([]);
  });

  it('count the targets of a registered task before anyone has worked it', async () => {
    await tasks().register([REST]);
    const sums = { registeredTasks: 1, registeredTargets: 2, doneTasks: 0 };
    expect(await subject().sums(RUN_ID)).toMatchObject(sums);
  });

  it('leave a known task what it has when it is registered again', async () => {
    await tasks().register([REST]);
    await tasks().recordFault(REST, 2);
    await tasks().record(progressOf(REST, { done: true }));
    await tasks().register([{ ...REST, targets: REST.targets.slice(0, 1) }]);
    await tasks().record(progressOf(REST, { done: true }));
    const sums = { registeredTasks: 1, registeredTargets: 2, doneTasks: 1, elsewhere: 1 };
    expect(await subject().sums(RUN_ID)).toMatchObject(sums);
    expect(await memoryOf(REST)).toMatchObject({ faults: 2, done: true });
  });

  it('give a task that was begun before it was registered its body all the same', async () => {
    await tasks().countSoloStart(REST);
    await tasks().register([REST]);
    expect(await open()).toEqual([REST]);
    expect((await memoryOf(REST))?.soloStarts).toBe(1);
    expect(await subject().sums(RUN_ID)).toMatchObject({ registeredTargets: 2 });
  });

  it('register many at once, and none', async () => {
    const singles = URLS.map((url, at) =>
      aTask(`w0-g1-0-0!${at}`, [url], { group: `g${at % 9}`, generation: 0 }),
    );
    await tasks().register(singles);
    await tasks().register([]);
    expect(await open()).toHaveLength(99);
  });

  it('say which of 100 tasks are done', async () => {
    const ids = Array.from({ length: 98 }, (__, at) => `w0-g${at}-0-0`);
    await tasks().record(progressOf({ ...TASK, taskId: 'w0-g3-0-0', group: 'g3' }, { done: true }));
    await tasks().record(progressOf({ ...TASK, taskId: 'w0-g4-0-0', group: 'g4' }));
    await tasks().register([REST]);
    await tasks().record(progressOf(REST, { done: true }));
    const asked = [...ids, REST.taskId, 'r-g1-another'];
    expect(await tasks().doneAmong(RUN_ID, asked)).toEqual(new Set(['w0-g3-0-0', REST.taskId]));
    expect(await tasks().doneAmong(RUN_ID, [])).toEqual(new Set());
  });

  it('say which of more tasks than one request asks for are done', async () => {
    const done = { ...TASK, taskId: 'w0-g120-0-0', group: 'g120' };
    await tasks().record(progressOf(done, { done: true }));
    const ids = Array.from({ length: 121 }, (__, at) => `w0-g${at}-0-0`);
    expect(await tasks().doneAmong(RUN_ID, ids)).toEqual(new Set([done.taskId]));
  });

  it('refuse to look for one twice', async () => {
    await expect(tasks().doneAmong(RUN_ID, ['a', 'a'])).rejects.toThrow();
  });

  it('keep poison, an empty body too', async () => {
    await expect(tasks().keepPoison('m1', '')).resolves.toBeUndefined();
    await expect(tasks().keepPoison('m1', '{ what?')).resolves.toBeUndefined();
  });
});
