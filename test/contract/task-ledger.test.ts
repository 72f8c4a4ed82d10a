import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TaskProgress } from '../../core/model/progress.ts';
import type { Task } from '../../core/model/task.ts';
import { aTask, RUN_ID, urlsOf } from '../worker/records.ts';
import { LEDGERS, type LedgerMaker, type LedgerSubject } from './ledgers.ts';

const URLS = urlsOf('a.example', 99);
const TASK = aTask('w0-g1-0', URLS.slice(0, 3));
const REST = aTask('w0-g1-0~1', URLS.slice(0, 2), { generation: 1 });
const NO_MEMORY = {
  soloStarts: 0,
  faults: 0,
  registered: false,
  done: false,
};

function progressOf(change: Partial<TaskProgress> = {}): TaskProgress {
  const counts = {
    succeeded: 1,
    failed: 1,
    skipped: 0,
    reasons: { 'not-found': 1 },
    bytes: 10,
    documents: 0,
  };
  const about = { runId: RUN_ID, taskId: TASK.taskId, targets: 3, registered: false };
  return { ...about, counts, elsewhere: 1, done: false, updatedMs: 7, ...change };
}

describe.each(Object.entries(LEDGERS))('the tasks of a ledger in %s', (_, make) => {
  let maker: LedgerMaker;
  let subject: LedgerSubject;

  beforeAll(async () => {
    maker = await make();
  });
  afterAll(() => maker.close());
  beforeEach(async () => {
    subject = await maker.open();
  });

  const tasks = () => subject.ledger.tasks;
  const memoryOf = async (task: Task) => (await tasks().recall([task])).memories[0];
  const open = async (runId = RUN_ID) => {
    const found: Task[] = [];
    for await (const task of tasks().openRegistered(runId)) found.push(task);
    return found;
  };

  it('know nothing of a new task', async () => {
    expect(await memoryOf(TASK)).toEqual(NO_MEMORY);
    expect(await subject.keptTask(TASK)).toBeUndefined();
  });

  it('keep how far a task has come', async () => {
    const { runId: _run, taskId: _task, ...kept } = progressOf();
    await tasks().record(progressOf());
    expect(await subject.keptTask(TASK)).toMatchObject(kept);
  });

  it('keep the latest of several words about a task', async () => {
    await tasks().record(progressOf());
    await tasks().record(progressOf({ elsewhere: 2, done: true, updatedMs: 9 }));
    expect(await subject.keptTask(TASK)).toMatchObject({ elsewhere: 2, done: true, updatedMs: 9 });
  });

  it('never reopen a task that is done', async () => {
    await tasks().record(progressOf({ done: true }));
    await tasks().record(progressOf({ elsewhere: 0, updatedMs: 99 }));
    await tasks().record(progressOf({ elsewhere: 0, updatedMs: 99, done: true }));
    expect(await subject.keptTask(TASK)).toMatchObject({ elsewhere: 1, done: true, updatedMs: 7 });
  });

  it('keep how many deliveries broke, beside how far the task is', async () => {
    await tasks().record(progressOf());
    await tasks().recordFault(TASK, 3);
    expect(await memoryOf(TASK)).toEqual({
      soloStarts: 0,
      faults: 3,
      registered: false,
      done: false,
    });
    expect(await subject.keptTask(TASK)).toMatchObject({ elsewhere: 1 });
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
    await tasks().record(progressOf({ done: true }));
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
    await tasks().register([due, aTask('w0-g1-0!2', URLS.slice(2, 3), { generation: 0 })]);
    const byId = (await open()).toSorted((a, b) => a.taskId.localeCompare(b.taskId));
    expect(byId.map(({ taskId }) => taskId)).toEqual(['w0-g1-0!2', 'w0-g1-0~1']);
    expect(byId[1]).toEqual(due);
    expect(await open('another')).toEqual([]);
  });

  it('give back no task that is done, and none that was only recorded', async () => {
    await tasks().register([REST]);
    await tasks().record(progressOf());
    await tasks().record(progressOf({ taskId: REST.taskId, registered: true, done: true }));
    expect(await open()).toEqual([]);
  });

  it('count the targets of a registered task before anyone has worked it', async () => {
    await tasks().register([REST]);
    expect(await subject.keptTask(REST)).toMatchObject({
      targets: 2,
      registered: true,
      done: false,
    });
  });

  it('leave a known task what it has when it is registered again', async () => {
    await tasks().register([REST]);
    await tasks().recordFault(REST, 2);
    await tasks().record(
      progressOf({ taskId: REST.taskId, registered: true, targets: 2, done: true }),
    );
    await tasks().register([{ ...REST, targets: REST.targets.slice(0, 1) }]);
    expect(await subject.keptTask(REST)).toMatchObject({ targets: 2, done: true, elsewhere: 1 });
    expect(await memoryOf(REST)).toMatchObject({ faults: 2, done: true });
  });

  it('give a task that was begun before it was registered its body all the same', async () => {
    await tasks().countSoloStart(REST);
    await tasks().register([REST]);
    expect(await open()).toEqual([REST]);
    expect((await memoryOf(REST))?.soloStarts).toBe(1);
    expect(await subject.keptTask(REST)).toMatchObject({ targets: 2 });
  });

  it('register many at once, and none', async () => {
    const singles = URLS.map((url, at) => aTask(`w0-g1-0!${at}`, [url], { generation: 0 }));
    await tasks().register(singles);
    await tasks().register([]);
    expect(await open()).toHaveLength(99);
  });

  it('say which of 100 tasks are done', async () => {
    const ids = Array.from({ length: 100 }, (__, at) => `w0-g${at}-0`);
    await tasks().record(progressOf({ taskId: 'w0-g3-0', done: true }));
    await tasks().record(progressOf({ taskId: 'w0-g4-0' }));
    expect(await tasks().doneAmong(RUN_ID, ids)).toEqual(new Set(['w0-g3-0']));
    expect(await tasks().doneAmong(RUN_ID, [])).toEqual(new Set());
  });

  it('refuse to look for more than 100 tasks, or for one twice', async () => {
    const ids = Array.from({ length: 101 }, (__, at) => `w0-g${at}-0`);
    await expect(tasks().doneAmong(RUN_ID, ids)).rejects.toThrow();
    await expect(tasks().doneAmong(RUN_ID, ['a', 'a'])).rejects.toThrow();
  });

  it('keep poison, an empty body too', async () => {
    await expect(tasks().keepPoison('m1', '')).resolves.toBeUndefined();
    await expect(tasks().keepPoison('m1', '{ what?')).resolves.toBeUndefined();
  });
});
