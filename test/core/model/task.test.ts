import { describe, expect, it } from 'vitest';
import { againOf, isMadeOfAnother, singlesOf } from '../../../core/model/task.ts';
import { aTask, urlsOf } from '../../worker/records.ts';

const TASK = aTask('w0-g1-0', urlsOf('a.test', 3));
const [first = { url: '' }, , last = { url: '' }] = TASK.targets;

describe('a dead task once more', () => {
  it('is a task of its own, in the same group', () => {
    const again = againOf(TASK, [{ ...last, tries: 2 }]);
    expect(again).toEqual({
      runId: TASK.runId,
      group: TASK.group,
      round: TASK.round,
      taskId: 'w0-g1-0~1',
      generation: 1,
      targets: [{ ...last, tries: 2 }],
    });
  });

  it('has a new id each time, and the same when it is made again', () => {
    const once = againOf(TASK, [last]);
    expect(againOf(TASK, [last])).toEqual(once);
    expect(againOf(once, [last]).taskId).toBe('w0-g1-0~2');
    expect(againOf(againOf(once, [last]), [last]).taskId).toBe('w0-g1-0~3');
  });
});

describe('the targets of a task as tasks', () => {
  it('are one each, named by their place in the whole task', () => {
    const singles = singlesOf(TASK, [first, last]);
    expect(singles.map(({ taskId, targets }) => [taskId, targets])).toEqual([
      ['w0-g1-0!0', [first]],
      ['w0-g1-0!2', [last]],
    ]);
  });

  it('have the same ids whatever else is still open', () => {
    expect(singlesOf(TASK, [last])).toEqual(singlesOf(TASK, [first, last]).slice(1));
  });

  it('keep the tries that were made', () => {
    expect(singlesOf(TASK, [{ ...last, tries: 2 }])[0]?.targets).toEqual([{ ...last, tries: 2 }]);
  });

  it('never share an id with a task that is sent once more', () => {
    const again = againOf(TASK, [first, last]);
    const ids = [TASK, again, againOf(again, [last])]
      .concat(singlesOf(TASK, [first, last]))
      .concat(singlesOf(again, [first, last]))
      .concat(singlesOf(TASK, [first, last]).map((single) => againOf(single, single.targets)))
      .map(({ taskId }) => taskId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('tasks that are made of a dead one a second time', () => {
  it('have ids of their own, the same for the same delivery', () => {
    const agains = [1, 2, 3].map((delivery) => againOf(TASK, [last], delivery));
    const ids = [
      ...agains,
      ...agains.map((again) => againOf(again, [last])),
      ...[1, 2, 3].flatMap((delivery) => singlesOf(TASK, [first, last], delivery)),
      ...agains.flatMap((again) => singlesOf(again, [first, last])),
    ].map(({ taskId }) => taskId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(againOf(TASK, [last], 2)).toEqual(agains[1]);
    expect(Math.max(...ids.map((id) => id.length - TASK.taskId.length))).toBeLessThanOrEqual(14);
  });
});

describe('who made a task', () => {
  it('is told by the task', () => {
    expect(isMadeOfAnother(TASK)).toBe(false);
    expect(isMadeOfAnother(againOf(TASK, [last]))).toBe(true);
    expect(singlesOf(TASK, [last]).every(isMadeOfAnother)).toBe(true);
  });
});
