import { beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeTask } from '../../contract/task-message.ts';
import type { WorkedTask } from '../../core/worker/given-messages.ts';
import type { Work } from '../../core/worker/work.ts';
import { workEvent } from '../../lambdas/worker/work-event.ts';
import { RecordedTelemetry } from '../telemetry/recorded-telemetry.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { aTask } from './records.ts';
import { sqsEvent } from './sqs-event.ts';

const CONTEXT = { awsRequestId: 'request', getRemainingTimeInMillis: () => 180_000 };
const TASK = aTask('w0-g1-0', ['https://a.example/0.png']);

const ends =
  (...worked: readonly WorkedTask[]): Work =>
  async () =>
    worked;

const done = (receipt: string): WorkedTask => ({ receipt, end: { kind: 'done' } });
const broken = (receipt: string): WorkedTask => {
  return { receipt, end: { kind: 'broken', error: new Error('no answer') } };
};
const poison = (receipt: string): WorkedTask => ({ receipt, end: { kind: 'poison' } });

function message(at: number, body = encodeTask(TASK), receiveCount = 1) {
  const delivery = { receiveCount, firstReceivedMs: 7 };
  return { messageId: `m${at}`, group: 'g1', body, receipt: `r${at}`, ...delivery };
}

describe('the event of a worker', () => {
  const clock = new VirtualClock();
  let telemetry = new RecordedTelemetry(clock);
  const answerTo = (messages: readonly ReturnType<typeof message>[], work: Work) =>
    workEvent(sqsEvent(messages), CONTEXT, { work, clock, telemetry });

  beforeEach(() => {
    telemetry = new RecordedTelemetry(clock);
  });

  it('reports no failure when all is done', async () => {
    const answer = await answerTo([message(0), message(1)], ends(done('r1'), done('r0')));
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it('gives the use case each task with its receipt and its count, and the deadline', async () => {
    const work = vi.fn(ends());
    await answerTo([message(0, undefined, 3)], work);
    const received = { task: TASK, receipt: 'r0', receiveCount: 3, receivedMs: undefined };
    expect(work).toHaveBeenCalledWith([{ kind: 'task', received }], clock.now() + 180_000);
  });

  it('tells when a task was received, where it is the first time', async () => {
    const work = vi.fn(ends());
    await answerTo([message(0)], work);
    const received = { task: TASK, receipt: 'r0', receiveCount: 1, receivedMs: 7 };
    expect(work).toHaveBeenCalledWith([{ kind: 'task', received }], expect.any(Number));
  });

  it('reports what broke and what nobody can read, and only that', async () => {
    const work = ends(broken('r2'), done('r0'), poison('r1'));
    const answer = await answerTo([message(0), message(1, '{'), message(2)], work);
    const failures = [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }];
    expect(answer).toEqual({ batchItemFailures: failures });
  });

  it('reports a message that the use case says nothing of, so that it comes back', async () => {
    const answer = await answerTo([message(0), message(1)], ends(done('r0')));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
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
  ])('gives a message that is no task to the use case as poison: %s', async (_, body) => {
    const work = vi.fn(ends(poison('r0'), done('r1')));
    const answer = await answerTo([message(0, body), message(1)], work);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    const [given = []] = work.mock.calls[0] ?? [];
    expect(given).toMatchObject([
      { kind: 'poison', messageId: 'm0', receipt: 'r0', problem: expect.stringMatching(/./) },
      { kind: 'task', received: { receipt: 'r1' } },
    ]);
  });

  it('bills the messages that it was given', async () => {
    await answerTo([message(0)], ends(done('r0')));
    const dollars = telemetry.bill.take();
    await answerTo([message(0, 'x'.repeat(65 * 1024))], ends(poison('r0')));
    expect(dollars).toBeGreaterThan(0);
    expect(telemetry.bill.take()).toBeCloseTo(1.5 * dollars, 12);
  });
});
