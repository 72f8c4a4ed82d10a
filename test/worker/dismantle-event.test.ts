import { describe, expect, it } from 'vitest';
import { QUEUE_LIMITS } from '../../contract/limits.ts';
import { encodeTask } from '../../contract/task-message.ts';
import { dismantleEvent } from '../../lambdas/dead-letter/dismantle-event.ts';
import { RecordedTelemetry } from '../telemetry/recorded-telemetry.ts';
import { aTask, urlsOf } from './records.ts';
import { sqsEvent } from './sqs-event.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 3);
const TASK = aTask('w0-g1-0', URLS);

function message(at: number, body: string) {
  const delivery = { receiveCount: 1, firstReceivedMs: 7 };
  return { messageId: `m${at}`, group: 'g1', body, receipt: `r${at}`, ...delivery };
}

/** The ports of a world, with telemetry beside them. */
function watched({ clock, queue, ledger }: World) {
  return { clock, queue, ledger, telemetry: new RecordedTelemetry(clock, { name: 'dead-letter' }) };
}

describe('the event of the dead-letter function', () => {
  it('takes a dead task apart', async () => {
    const world = new World({});
    const answer = await dismantleEvent(sqsEvent([message(0, encodeTask(TASK))]), watched(world));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await world.queue.depth()).toBe(3);
  });

  it('keeps a poison message for a person to look at', async () => {
    const world = new World({});
    const answer = await dismantleEvent(sqsEvent([message(0, '{ what?')]), watched(world));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect([...world.ledger.tasks.poison]).toEqual([['m0', '{ what?']]);
  });

  it('reports the message that broke on us, and takes the others apart', async () => {
    const world = new World({});
    const queue = {
      limits: QUEUE_LIMITS,
      defer: () => Promise.reject(new Error('not planned')),
      receive: () => Promise.reject(new Error('not planned')),
      postpone: () => Promise.reject(new Error('not planned')),
      extend: () => Promise.reject(new Error('not planned')),
      remove: () => Promise.reject(new Error('not planned')),
      depth: () => Promise.reject(new Error('not planned')),
      send: async (tasks: readonly (typeof TASK)[]) => {
        if (tasks.some(({ taskId }) => taskId.startsWith('w1'))) throw new Error('no answer');
      },
    };
    const other = aTask('w1-g1-0', URLS);
    const event = sqsEvent([message(0, encodeTask(other)), message(1, encodeTask(TASK))]);
    const answer = await dismantleEvent(event, { ...watched(world), queue });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect((await world.ledger.tasks.recall([TASK])).memories[0]?.done).toBe(true);
    expect((await world.ledger.tasks.recall([other])).memories[0]?.done).toBe(false);
  });

  it('keeps a poison message that had its deliveries in the task queue', async () => {
    const world = new World({});
    world.fifo.send({ group: 'g1', deduplicationId: 'poison', body: '{ what?' });
    for (let delivery = 0; delivery < 5; delivery += 1) {
      for (const { receipt } of world.fifo.receive(1)) world.fifo.hide(receipt, 0);
    }
    expect(world.fifo.receive(1)).toEqual([]);
    const dead = world.dead.receive(10);
    await dismantleEvent(sqsEvent(dead), watched(world));
    expect([...world.ledger.tasks.poison.values()]).toEqual(['{ what?']);
  });

  it('counts what came, and what was given up', async () => {
    const world = new World({});
    const alone = aTask('w0-g1-0!0', [`${URLS[0]}`], { generation: 0, soloStarts: 3 });
    const bodies = [encodeTask(alone), encodeTask(TASK), '{'];
    const event = sqsEvent(bodies.map((body, at) => message(at, body)));
    const ports = watched(world);
    const context = { awsRequestId: 'request' };
    await ports.telemetry.watch((given: typeof event) => dismantleEvent(given, ports))(
      event,
      context,
    );
    const counts = ports.telemetry.printed.flatMap(({ values }) => Object.entries(values));
    expect(counts.filter(([name]) => name.startsWith('Dead'))).toEqual([
      ['DeadTasks', 1],
      ['DeadLetters', 1],
      ['DeadTasks', 2],
      ['DeadLetters', 1],
    ]);
    expect(counts.filter(([name]) => name === 'TargetsSettled')).toHaveLength(2);
  });
});
