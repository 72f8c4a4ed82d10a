import { describe, expect, it } from 'vitest';
import { isMadeOfAnother, restOf, singlesOf } from '../../core/task.ts';
import { aTask, urlsOf } from '../worker/records.ts';

const TASK = aTask('w0-g1-0', urlsOf('a.test', 3));
const [first = { url: '' }, , last = { url: '' }] = TASK.targets;

describe('the rest of a task', () => {
  it('is a task of its own, in the same group', () => {
    const rest = restOf(TASK, [{ ...last, tries: 2 }], 1234);
    expect(rest).toMatchObject({
      runId: TASK.runId,
      group: TASK.group,
      round: TASK.round,
      taskId: 'w0-g1-0~1',
      generation: 1,
      notBeforeMs: 1234,
      targets: [{ ...last, tries: 2 }],
    });
  });

  it('has a new id each time, and the same for the same rest', () => {
    const once = restOf(TASK, [last]);
    expect(restOf(TASK, [last])).toEqual(once);
    expect(restOf(once, [last]).taskId).toBe('w0-g1-0~2');
    expect(restOf(restOf(once, [last]), [last]).taskId).toBe('w0-g1-0~3');
  });

  it('forgets what the task before was told', () => {
    const told = { ...TASK, notBeforeMs: 99, soloStarts: 2 };
    expect(restOf(told, [last])).toMatchObject({ notBeforeMs: undefined, soloStarts: undefined });
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

  it('never share an id with the rest of another', () => {
    const rest = restOf(TASK, [first, last]);
    const ids = [TASK, rest, restOf(rest, [last])]
      .concat(singlesOf(TASK, [first, last]))
      .concat(singlesOf(rest, [first, last]))
      .concat(singlesOf(TASK, [first, last]).map((single) => restOf(single, single.targets)))
      .map(({ taskId }) => taskId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('who made a task', () => {
  it('is told by the task', () => {
    expect(isMadeOfAnother(TASK)).toBe(false);
    expect(isMadeOfAnother(restOf(TASK, [last]))).toBe(true);
    expect(singlesOf(TASK, [last]).every(isMadeOfAnother)).toBe(true);
  });
});
