import { describe, expect, it } from 'vitest';
import { type FifoQueueOptions, MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { VirtualClock } from '../virtual-clock.ts';

function aQueue(options: Partial<FifoQueueOptions> = {}) {
  const clock = new VirtualClock();
  const queue = new MemoryFifoQueue(clock, { visibilityMs: 30_000, ...options });
  const send = (group: string, deduplicationId: string) =>
    queue.send({ group, deduplicationId, body: deduplicationId });
  const bodies = (max = 10) => queue.receive(max).map(({ body }) => body);
  return { clock, queue, send, bodies };
}

describe('what emulators leave out of SQS', () => {
  it('several messages of one group come in one receive, in their order', () => {
    const { send, bodies } = aQueue();
    for (const id of ['a', 'b', 'c']) send('g1', id);
    expect(bodies(2)).toEqual(['a', 'b']);
    expect(bodies()).toEqual([]);
  });

  it('a message comes back to its place when its visibility time is over', async () => {
    const { clock, queue, send, bodies } = aQueue({ perGroup: 'one' });
    for (const id of ['a', 'b']) send('g1', id);
    expect(bodies()).toEqual(['a']);
    await clock.advance(29_999);
    expect(bodies()).toEqual([]);
    await clock.advance(1);
    expect(queue.receive(1)).toMatchObject([{ body: 'a', receiveCount: 2 }]);
  });

  it('an expired receipt neither deletes nor postpones', async () => {
    const { clock, queue, send } = aQueue();
    send('g1', 'a');
    const [first] = queue.receive(1);
    await clock.advance(30_000);
    expect(() => queue.acknowledge(first?.receipt ?? '')).toThrow('in flight');
    queue.receive(1);
    expect(() => queue.hide(first?.receipt ?? '', 1000)).toThrow('in flight');
  });

  it('a deduplication id is forgotten after five minutes, and known to its group alone', async () => {
    const { clock, queue, send } = aQueue();
    send('g1', 'a');
    send('g2', 'a');
    await clock.advance(299_999);
    send('g1', 'a');
    expect(queue.depth()).toBe(2);
    await clock.advance(1);
    send('g1', 'a');
    expect(queue.depth()).toBe(3);
  });

  it('a message that had its deliveries goes to the dead letters, in its group', async () => {
    const clock = new VirtualClock();
    const deadLetters = new MemoryFifoQueue(clock, { visibilityMs: 1000 });
    const queue = new MemoryFifoQueue(clock, {
      visibilityMs: 1000,
      maxReceiveCount: 2,
      deadLetters,
    });
    queue.send({ group: 'g1', deduplicationId: 'a', body: 'a' });
    for (let delivery = 0; delivery < 2; delivery += 1) {
      expect(queue.receive(1)).toHaveLength(1);
      await clock.advance(1000);
    }
    expect(queue.receive(1)).toEqual([]);
    expect(deadLetters.receive(1)).toMatchObject([{ body: 'a', group: 'g1', receiveCount: 1 }]);
  });

  it('a time is kept in whole seconds', async () => {
    const { clock, queue, send, bodies } = aQueue();
    send('g1', 'a');
    for (const { receipt } of queue.receive(1)) queue.hide(receipt, 1);
    await clock.advance(999);
    expect(bodies()).toEqual([]);
    await clock.advance(1);
    expect(bodies()).toEqual(['a']);
  });
});
