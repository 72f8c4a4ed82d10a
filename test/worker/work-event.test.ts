import { beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeTask } from '../../contract/task-message.ts';
import type { TaskQueue } from '../../core/ports/task-queue.ts';
import type { Work } from '../../core/work.ts';
import { workEvent } from '../../lambdas/work-event.ts';
import { RecordedTelemetry } from '../telemetry/recorded-telemetry.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { aTask } from './records.ts';
import { sqsEvent } from './sqs-event.ts';

const CONTEXT = { awsRequestId: 'request', getRemainingTimeInMillis: () => 180_000 };
const TASK = aTask('w0-g1-0', ['https://a.example/0.png']);

/** A queue of which only `postpone` is planned. */
class PostponeOnly implements TaskQueue {
  readonly postponed: [string, number][] = [];
  fails = false;
  async postpone(receipt: string, delayMs: number): Promise<void> {
    if (this.fails) throw new Error('the receipt has expired');
    this.postponed.push([receipt, delayMs]);
  }
  send = () => Promise.reject(new Error('send was not planned'));
  remove = () => Promise.reject(new Error('remove was not planned'));
  depth = () => Promise.reject(new Error('depth was not planned'));
}

const ends =
  (kind: 'done' | 'postponed'): Work =>
  async (batch) =>
    batch.map((received) => ({ received, end: { kind } }));

function message(at: number, body: string) {
  const delivery = { receiveCount: at + 1, firstReceivedMs: 7 };
  return { messageId: `m${at}`, group: 'g1', body, receipt: `r${at}`, ...delivery };
}

describe('the event of a worker', () => {
  const clock = new VirtualClock();
  let queue = new PostponeOnly();
  let telemetry = new RecordedTelemetry(clock);

  beforeEach(() => {
    queue = new PostponeOnly();
    telemetry = new RecordedTelemetry(clock);
  });

  it('reports no failure when all is done', async () => {
    const event = sqsEvent([message(0, encodeTask(TASK))]);
    const answer = await workEvent(event, CONTEXT, { work: ends('done'), queue, clock, telemetry });
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it('gives the use case the task, its receipt, its count and the deadline', async () => {
    const work = vi.fn(ends('done'));
    const event = sqsEvent([message(2, encodeTask(TASK))]);
    await workEvent(event, CONTEXT, { work, queue, clock, telemetry });
    const received = { task: TASK, receipt: 'r2', receiveCount: 3 };
    expect(work).toHaveBeenCalledWith([received], clock.now() + 180_000);
  });

  it('reports what waits and what broke, and only that', async () => {
    const tasks = [0, 1, 2].map((at) => aTask(`w0-g${at}-0`, [`https://a.example/${at}.png`]));
    const [done, waits, broke] = tasks;
    const work: Work = async (batch) =>
      batch.toReversed().map((received) => {
        if (received.task.taskId === done?.taskId) return { received, end: { kind: 'done' } };
        if (received.task.taskId === waits?.taskId) return { received, end: { kind: 'postponed' } };
        return { received, end: { kind: 'broken', error: new Error('no answer') } };
      });
    const event = sqsEvent(tasks.map((task, at) => message(at, encodeTask(task))));
    const { batchItemFailures } = await workEvent(event, CONTEXT, {
      work,
      queue,
      clock,
      telemetry,
    });
    expect(broke).toBeDefined();
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }]);
  });

  it.each([
    ['no JSON', '{'],
    ['another version', JSON.stringify({ v: 2, ...TASK })],
    ['no targets', JSON.stringify({ v: 1, ...TASK, targets: [] })],
    [
      'a URL that is not canonical',
      JSON.stringify({ v: 1, ...TASK, targets: [{ url: 'HTTP://a.example' }] }),
    ],
    ['a file', JSON.stringify({ v: 1, ...TASK, targets: [{ url: 'file:///etc/passwd' }] })],
    [
      'credentials',
      JSON.stringify({ v: 1, ...TASK, targets: [{ url: 'https://a:b@a.example/' }] }),
    ],
    [
      'too many targets',
      JSON.stringify({
        v: 1,
        ...TASK,
        targets: Array.from({ length: 100 }, () => ({ url: 'https://a.example/' })),
      }),
    ],
  ])('passes a poison message on at once: %s', async (_, body) => {
    const event = sqsEvent([message(0, body), message(1, encodeTask(TASK))]);
    const answer = await workEvent(event, CONTEXT, { work: ends('done'), queue, clock, telemetry });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(queue.postponed).toEqual([['r0', 0]]);
  });

  it('works the tasks beside a poison message that cannot be passed on', async () => {
    queue.fails = true;
    const event = sqsEvent([message(0, '{'), message(1, encodeTask(TASK))]);
    const answer = await workEvent(event, CONTEXT, { work: ends('done'), queue, clock, telemetry });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  });

  it('tells how each message ended, with its run and its task', async () => {
    const tasks = [0, 1].map((at) => aTask(`w0-g${at}-0`, [`https://a.example/${at}.png`]));
    const work: Work = async (batch) =>
      batch.map((received, at) =>
        at === 0
          ? { received, end: { kind: 'done' } }
          : { received, end: { kind: 'broken', error: new Error('no answer') } },
      );
    const bodies = [...tasks.map(encodeTask), '{'];
    const event = sqsEvent(bodies.map((body, at) => message(at, body)));
    await telemetry.watch(() => workEvent(event, CONTEXT, { work, queue, clock, telemetry }))(
      ...([event, CONTEXT] as const),
    );
    const ended = telemetry.printed.filter(({ values }) => 'TasksEnded' in values);
    expect(ended.map(({ runId, series, values }) => [runId, series, values])).toEqual([
      [undefined, { End: 'poison' }, { TasksEnded: 1 }],
      ['run-1', { End: 'done' }, { TasksEnded: 1 }],
      ['run-1', { End: 'broken' }, { TasksEnded: 1 }],
    ]);
    expect(telemetry.said.map(({ level, message, fields }) => [level, message, fields])).toEqual([
      ['error', 'poison message', { messageId: 'm2', problem: expect.any(String) }],
      ['info', 'task done', expect.objectContaining({ runId: 'run-1', taskId: 'w0-g0-0' })],
      ['error', 'task broke', expect.objectContaining({ runId: 'run-1', taskId: 'w0-g1-0' })],
    ]);
  });
});
