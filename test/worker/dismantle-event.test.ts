import { beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeTask } from '../../contract/task-message.ts';
import { dismantleEvent } from '../../lambdas/dismantle-event.ts';
import { aTask, urlsOf } from './records.ts';
import { sqsEvent } from './sqs-event.ts';
import { World } from './world.ts';

const URLS = urlsOf('a.example', 3);
const TASK = aTask('w0-g1-0', URLS);

function message(at: number, body: string) {
  return { messageId: `m${at}`, group: 'g1', body, receipt: `r${at}`, receiveCount: 1 };
}

describe('the event of the dead-letter function', () => {
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });

  it('takes a dead task apart', async () => {
    const world = new World({});
    const answer = await dismantleEvent(sqsEvent([message(0, encodeTask(TASK))]), world);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await world.queue.depth()).toBe(3);
  });

  it('keeps a poison message for a person to look at', async () => {
    const world = new World({});
    const answer = await dismantleEvent(sqsEvent([message(0, '{ what?')]), world);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect([...world.ledger.tasks.poison]).toEqual([['m0', '{ what?']]);
  });

  it('reports the message that broke on us, and takes the others apart', async () => {
    const world = new World({});
    const queue = {
      postpone: () => Promise.reject(new Error('not planned')),
      remove: () => Promise.reject(new Error('not planned')),
      depth: () => Promise.reject(new Error('not planned')),
      send: async (tasks: readonly (typeof TASK)[]) => {
        if (tasks.some(({ taskId }) => taskId.startsWith('w1'))) throw new Error('no answer');
      },
    };
    const other = aTask('w1-g1-0', URLS);
    const event = sqsEvent([message(0, encodeTask(other)), message(1, encodeTask(TASK))]);
    const answer = await dismantleEvent(event, { ...world, queue });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect((await world.ledger.tasks.recall(TASK)).memory.done).toBe(true);
    expect((await world.ledger.tasks.recall(other)).memory.done).toBe(false);
  });

  it('keeps a poison message that had its deliveries in the task queue', async () => {
    const world = new World({});
    world.fifo.send({ group: 'g1', deduplicationId: 'poison', body: '{ what?' });
    for (let delivery = 0; delivery < 5; delivery += 1) {
      for (const { receipt } of world.fifo.receive(1)) world.fifo.hide(receipt, 0);
    }
    expect(world.fifo.receive(1)).toEqual([]);
    const dead = world.dead.receive(10);
    await dismantleEvent(sqsEvent(dead), world);
    expect([...world.ledger.tasks.poison.values()]).toEqual(['{ what?']);
  });
});
