import { describe, expect, it } from 'vitest';
import { QUEUE_LIMITS } from '../../contract/limits.ts';
import { deduplicationId, encodeTask, parseTask } from '../../contract/task-message.ts';
import { againOf, singlesOf } from '../../core/model/task.ts';
import { aTask, urlsOf } from '../worker/records.ts';

const TASK = aTask('w0-g1-0', urlsOf('a.test', 3));

const GOOD = [
  ['of the seeder', TASK],
  [
    'of the largest number of targets',
    aTask('w0-g1-0', urlsOf('a.test', QUEUE_LIMITS.taskTargets)),
  ],
  ['with columns for hooks', { ...TASK, targets: [{ url: 'http://a.test/', columnsJson: '{}' }] }],
  ['with a hash', { ...TASK, targets: [{ url: 'http://a.test/', expectedHash: 'a'.repeat(32) }] }],
  ['of a later round', { ...TASK, round: 3 }],
  ['sent once more', againOf(TASK, [{ url: 'https://a.test/1.png', tries: 2 }])],
  ['of what was left of others', { ...TASK, taskId: `r-g1-${'x'.repeat(22)}`, generation: 2 }],
  ['taken out of a dead one', { ...singlesOf(TASK, TASK.targets)[1], soloStarts: 1, faults: 2 }],
] as const;

const POISON = [
  ['no JSON', 'hello', 'expected object'],
  ['nothing', '', 'expected object'],
  ['null', 'null', 'expected object'],
  ['a list', '[]', 'expected object'],
  ['another version', body({ v: 2 }), 'at v'],
  ['no run', body({ runId: undefined }), 'at runId'],
  ['an empty run', body({ runId: '' }), 'at runId'],
  ['an endless run', body({ runId: 'x'.repeat(65) }), 'at runId'],
  ['no id', body({ taskId: undefined }), 'at taskId'],
  ['no group', body({ group: undefined }), 'at group'],
  ['half a round', body({ round: 0.5 }), 'at round'],
  ['a round below the first', body({ round: -1 }), 'at round'],
  ['no targets', body({ targets: [] }), 'at targets'],
  [
    'too many targets',
    body({ targets: urlsOf('a.test', 100).map((url) => ({ url })) }),
    'at targets',
  ],
  [
    'an invalid hash',
    body({ targets: [{ url: 'http://a.test/', expectedHash: 'x' }] }),
    'at targets',
  ],
  [
    'columns without end',
    body({ targets: [{ url: 'http://a.test/', columnsJson: 'x'.repeat(16_385) }] }),
    'at targets',
  ],
  ['tries that are no number', body({ targets: [{ url: 'http://a.test/', tries: '1' }] }), 'tries'],
  ['a URL that is not canonical', withUrl('http://A.test/'), 'canonical'],
  ['a URL without a path', withUrl('http://a.test'), 'canonical'],
  ['a file', withUrl('file:///etc/passwd'), 'canonical'],
  ['a password', withUrl('http://me:secret@a.test/'), 'canonical'],
  ['no URL', withUrl('a.png'), 'canonical'],
  ['half a generation', body({ generation: 0.5 }), 'at generation'],
  ['fewer starts than none', body({ soloStarts: -1 }), 'at soloStarts'],
] as const;

function body(change: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ v: 1, ...TASK, ...change });
}

function withUrl(url: string): string {
  return body({ targets: [{ url: 'http://a.test/' }, { url }] });
}

describe('a task', () => {
  it.each(GOOD)('%s comes out of its message as it went in', (_, task) => {
    const whole = { ...TASK, ...task };
    const parsed = parseTask(encodeTask(whole));
    expect(parsed.kind).toBe('task');
    expect(parsed.kind === 'task' && parsed.task).toEqual(whole);
  });

  it('carries nothing that nobody knows', () => {
    const parsed = parseTask(body({ allowPrivate: true }));
    expect(parsed.kind === 'task' && parsed.task).toEqual(TASK);
  });

  it('has no character that SQS refuses, and comes back as it was', () => {
    const alt = 'a\u0000\ufffe\uffff\ud800b';
    const task = { ...TASK, targets: [{ url: 'http://a.test/', alt }] };
    const message = encodeTask(task);
    expect(message).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
    expect(parseTask(message)).toEqual({ kind: 'task', task });
  });

  it('has a name in the queue that tells runs and tasks apart', () => {
    expect(deduplicationId(TASK)).toBe('run-1.w0-g1-0');
    const longest = { runId: 'r'.repeat(63), taskId: 't'.repeat(64) };
    expect(deduplicationId(longest).length).toBeLessThanOrEqual(128);
  });
});

describe('a message that is no task is named poison', () => {
  it.each(POISON)('%s', (_, text, problem) => {
    const parsed = parseTask(text);
    expect(parsed.kind === 'poison' ? parsed.problem : 'a task').toContain(problem);
  });

  it('with all its problems at once', () => {
    const parsed = parseTask(body({ runId: 1, round: 'x' }));
    expect(parsed).toMatchObject({ problem: expect.stringMatching(/at runId.*at round/s) });
  });
});
