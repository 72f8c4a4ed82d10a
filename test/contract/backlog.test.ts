import { describe, expect, it } from 'vitest';
import { laneTaskId, placeOf } from '../../core/model/lane.ts';
import { NO_COUNTS } from '../../core/model/progress.ts';
import type { Task } from '../../core/model/task.ts';
import { aTask, RUN_ID, urlsOf } from '../worker/records.ts';
import { LEDGERS } from './ledgers.ts';
import { oneForEachTest } from './one-for-each-test.ts';

const URLS = urlsOf('a.example', 98);

function laneTask(group: string, window: number, part: number): Task {
  return aTask(laneTaskId(group, window, part), URLS, { group });
}

describe('the id of a task of a lane', () => {
  it.each([
    [0, 0, { lane: 0, window: 0, at: 0 }],
    [0, 3, { lane: 1, window: 0, at: 1 }],
    [7, 0, { lane: 1, window: 7, at: 0 }],
    [12_345, 9, { lane: 0, window: 12_345, at: 4 }],
  ])('of window %i and part %i says where it stands', (window, part, place) => {
    expect(placeOf(laneTaskId('g17', window, part))).toEqual({ group: 'g17', ...place });
  });

  it.each(['w0-g1-0-0~1', 'w0-g1-0-0!3', 'r-g1-abc', 'w0-g1-0', 'w0-g1-0-0!3~1.ab12cd'])(
    'is not %s, which was made of another or is of an older version',
    (taskId) => {
      expect(placeOf(taskId)).toBeUndefined();
    },
  );
});

describe.each(Object.entries(LEDGERS))('the backlog of a ledger in %s', (_, make) => {
  const subject = oneForEachTest(make);

  const backlog = () => subject().ledger.backlog;
  const done = (task: Task) => {
    const { runId, taskId, group, targets } = task;
    const about = { runId, taskId, group, targets: targets.length, elsewhere: 0, updatedMs: 1 };
    return subject().ledger.tasks.record({ ...about, counts: NO_COUNTS, done: true });
  };
  const idsOf = (tasks: readonly Task[]) => tasks.map(({ taskId }) => taskId).toSorted();

  it('gives back the task behind another one of its lane, as it was added', async () => {
    const [first, second] = [laneTask('g1', 0, 0), laneTask('g1', 0, 2)];
    await backlog().add([first, laneTask('g1', 0, 1), second]);
    expect(await backlog().after(first)).toEqual(second);
    expect(await backlog().after(second)).toBeUndefined();
  });

  it('goes on from window to window, in the order of numbers', async () => {
    const parts = Array.from({ length: 24 }, (__, at) => laneTask('g1', 9, 2 * at));
    const far = laneTask('g1', 10, 1);
    const all = [laneTask('g1', 2, 1), laneTask('g1', 2, 3), ...parts, far];
    const lane = all.filter(({ taskId }) => placeOf(taskId)?.lane === placeOf(far.taskId)?.lane);
    await backlog().add(all);
    for (const [at, task] of lane.entries())
      expect((await backlog().after(task))?.taskId).toBe(lane[at + 1]?.taskId);
  });

  it('keeps groups, lanes and runs apart', async () => {
    const task = laneTask('g1', 0, 0);
    const others = [laneTask('g1', 0, 1), laneTask('g11', 0, 2), laneTask('g2', 1, 1)];
    await backlog().add([task, ...others, { ...laneTask('g1', 0, 2), runId: 'another' }]);
    expect(await backlog().after(task)).toBeUndefined();
    expect(await backlog().after({ ...task, taskId: 'r-g1-abc' })).toBeUndefined();
  });

  it('accepts the same tasks again', async () => {
    const [first, second] = [laneTask('g1', 0, 0), laneTask('g1', 0, 2)];
    await backlog().add([first, second]);
    await backlog().add([first, second]);
    expect(await backlog().after(first)).toEqual(second);
  });

  it('says of each lane what is the first task that is not done', async () => {
    const [a0, a2, a4] = [laneTask('g1', 0, 0), laneTask('g1', 0, 2), laneTask('g1', 0, 4)];
    const [a1, b0] = [laneTask('g1', 0, 1), laneTask('g2', 0, 0)];
    await backlog().add([a0, a1, a2, a4, b0]);
    expect(idsOf(await backlog().waiting(RUN_ID, ['g1']))).toEqual(idsOf([a0, a1]));
    await done(a0);
    await done(a2);
    await done(a1);
    expect(idsOf(await backlog().waiting(RUN_ID, ['g1', 'g2', 'g3']))).toEqual(idsOf([a4, b0]));
    await done(a4);
    await done(b0);
    expect(await backlog().waiting(RUN_ID, ['g1', 'g2'])).toEqual([]);
  });

  it('takes many tasks at once, and none', async () => {
    const all = Array.from({ length: 130 }, (__, part) => laneTask('g1', 0, part));
    await backlog().add(all);
    await backlog().add([]);
    expect((await backlog().after(laneTask('g1', 0, 127)))?.taskId).toBe(all[129]?.taskId);
  });

  it('refuses a task that stands in no lane', async () => {
    await expect(backlog().add([aTask('r-g1-abc', URLS)])).rejects.toThrow('stands in no lane');
  });
});
