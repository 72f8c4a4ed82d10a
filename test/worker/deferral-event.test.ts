import { describe, expect, it } from 'vitest';
import { encodeTask } from '../../contract/task-message.ts';
import type { Task } from '../../core/model/task.ts';
import { deferralEvent } from '../../lambdas/deferral/deferral-event.ts';
import { RecordedTelemetry } from '../telemetry/recorded-telemetry.ts';
import { aTask } from './records.ts';
import { sqsEvent } from './sqs-event.ts';
import { World } from './world.ts';

const TASKS = [0, 1, 2].map((at) =>
  aTask(`w0-g${at}-0~1`, [`https://a.example/${at}.png`], { group: `g${at}` }),
);

function eventOf(...bodies: readonly string[]) {
  const messages = bodies.map((body, at) => {
    const delivery = { receiveCount: 1, firstReceivedMs: 7 };
    return { messageId: `m${at}`, group: '', body, receipt: `r${at}`, ...delivery };
  });
  return sqsEvent(messages);
}

/** A queue that takes no task of some ids, alone or among others, and what it took. */
class RefusingQueue {
  readonly taken = new Set<string>();
  readonly #refused: readonly string[];

  constructor(...refused: readonly string[]) {
    this.#refused = refused;
  }

  send = async (tasks: readonly Task[]) => {
    const isRefused = ({ taskId }: Task) => this.#refused.includes(taskId);
    for (const task of tasks) if (!isRefused(task)) this.taken.add(task.taskId);
    if (tasks.some(isRefused)) throw new Error('no answer');
  };
}

describe('the event of the deferral function', () => {
  const telemetryOf = ({ clock }: World) => new RecordedTelemetry(clock, { name: 'deferral' });

  it('sends each task back to its group', async () => {
    const world = new World({});
    const event = eventOf(...TASKS.map(encodeTask));
    const ports = { queue: world.queue, telemetry: telemetryOf(world) };
    expect(await deferralEvent(event, ports)).toEqual({ batchItemFailures: [] });
    expect(world.fifo.receive(10).map(({ group, body }) => [group, body])).toEqual(
      TASKS.map((task) => [task.group, encodeTask(task)]),
    );
  });

  it('sends a task once that is delivered twice', async () => {
    const world = new World({});
    const ports = { queue: world.queue, telemetry: telemetryOf(world) };
    const event = eventOf(...TASKS.map(encodeTask));
    await deferralEvent(event, ports);
    await deferralEvent(event, ports);
    expect(world.fifo.size).toBe(TASKS.length);
  });

  it('reports the message whose task was not taken, and no other', async () => {
    const world = new World({});
    const telemetry = telemetryOf(world);
    const queue = new RefusingQueue('w0-g1-0~1');
    const event = eventOf(...TASKS.map(encodeTask));
    const answer = await deferralEvent(event, { queue, telemetry });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(queue.taken).toEqual(new Set(['w0-g0-0~1', 'w0-g2-0~1']));
    expect(telemetry.said.map(({ level, message, fields }) => [level, message, fields])).toEqual([
      [
        'error',
        'deferred task was not sent back',
        expect.objectContaining({ messageId: 'm1', runId: 'run-1', taskId: 'w0-g1-0~1' }),
      ],
    ]);
  });

  it('reports what is no task, so that its deliveries are used up, and sends the others', async () => {
    const world = new World({});
    const telemetry = telemetryOf(world);
    const event = eventOf('{ what?', ...TASKS.map(encodeTask));
    const answer = await deferralEvent(event, { queue: world.queue, telemetry });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(await world.queue.depth()).toBe(TASKS.length);
    expect(telemetry.said.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'poison message'],
    ]);
  });

  it('counts what went back, for each run', async () => {
    const world = new World({});
    const telemetry = telemetryOf(world);
    const [task = aTask('t', [])] = TASKS;
    const bodies = [...TASKS, { ...task, runId: 'run-2' }].map(encodeTask);
    const queue = new RefusingQueue('w0-g1-0~1');
    await telemetry.watch((event: ReturnType<typeof eventOf>) => {
      return deferralEvent(event, { queue, telemetry });
    })(eventOf(...bodies), { awsRequestId: 'request' });
    const counts = telemetry.printed.flatMap(({ runId, values }) => {
      return 'DeferredTasks' in values ? [[runId, values.DeferredTasks]] : [];
    });
    expect(counts).toEqual([
      ['run-1', 2],
      ['run-2', 1],
    ]);
  });
});
