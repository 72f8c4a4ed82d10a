import { describe, expect, it } from 'vitest';
import { SQS } from '../../bench/scale/facts.ts';
import { ApiQuota } from '../../bench/scale/models/api-quota.ts';
import { FifoMessages } from '../../bench/scale/models/fifo-messages.ts';
import { FifoQueue } from '../../bench/scale/models/fifo-queue.ts';
import type { Task } from '../../core/model/task.ts';
import { VirtualClock } from '../virtual-clock.ts';

const taskOf = (group: string, at: number): Task => {
  return { runId: 'r', taskId: `w0-${group}-0-${at}`, group, round: 0, targets: [] };
};
const idsOf = (given: readonly { readonly task: Task }[]) => given.map(({ task }) => task.taskId);

describe('messages of a FIFO queue', () => {
  it('of a group come in order, and none while one of them is out', () => {
    const messages = new FifoMessages();
    for (const at of [0, 1, 2]) messages.add(taskOf('a', at));
    const [first] = messages.take(1, 1000);
    expect(first?.task.taskId).toBe('w0-a-0-0');
    expect(messages.take(10, 1000)).toEqual([]);
    if (first !== undefined) messages.delete(first);
    expect(idsOf(messages.take(10, 1000))).toEqual(['w0-a-0-1', 'w0-a-0-2']);
  });

  it('fill a receive with one group, and what is left of it with the next', () => {
    const messages = new FifoMessages();
    for (const at of [0, 1, 2]) for (const group of ['a', 'b']) messages.add(taskOf(group, at));
    const taken = messages.take(4, 1000);
    expect(taken.map(({ task }) => task.group)).toEqual(['a', 'a', 'a', 'b']);
  });

  it('that are given back come first again', () => {
    const messages = new FifoMessages();
    for (const at of [0, 1]) messages.add(taskOf('a', at));
    const [first] = messages.take(1, 1000);
    if (first !== undefined) messages.giveBack(first);
    expect(idsOf(messages.take(1, 1000))).toEqual(['w0-a-0-0']);
    expect(first?.receiveCount).toBe(2);
  });

  it('behind the first 120,000 are not seen, whatever their groups', () => {
    const messages = new FifoMessages();
    for (let at = 0; at < SQS.scanned; at += 1) messages.add(taskOf('giant', at));
    messages.add(taskOf('other', 0));
    const [first] = messages.take(1, 1000);
    expect(messages.take(1, 1000)).toEqual([]);
    if (first !== undefined) messages.delete(first);
    const groups = messages.take(10, 1000).map(({ task }) => task.group);
    expect(groups).toContain('giant');
    expect(messages.hasReady).toBe(true);
    expect(messages.take(1, 1000).map(({ task }) => task.group)).toEqual(['other']);
  });
});

describe('the queue', () => {
  it('drops an id that it saw in the last five minutes, and not later', async () => {
    const clock = new VirtualClock();
    const queue = new FifoQueue(clock);
    await clock.drive(queue.send([taskOf('a', 0), taskOf('a', 0)]));
    expect(queue.size).toBe(1);
    await clock.advance(SQS.deduplicationMs + 1);
    await clock.drive(queue.send([taskOf('a', 0)]));
    expect(queue.size).toBe(2);
  });

  it('gives a message to another one when nobody holds it any more', async () => {
    const clock = new VirtualClock();
    const queue = new FifoQueue(clock);
    await clock.drive(queue.send([taskOf('a', 0)]));
    const [first] = queue.takeNow(1, 60_000);
    await clock.advance(40_000);
    await clock.drive(queue.extend([first?.receipt ?? ''], 60_000));
    await clock.advance(40_000);
    expect(queue.takeNow(1, 60_000)).toEqual([]);
    await clock.advance(30_000);
    expect(queue.takeNow(1, 60_000)).toMatchObject([{ receiveCount: 2 }]);
    expect(await clock.drive(queue.extend([first?.receipt ?? ''], 60_000))).toEqual(new Set());
  });

  it('wakes a poll that waits as soon as there is something', async () => {
    const clock = new VirtualClock();
    const queue = new FifoQueue(clock);
    const poll = queue.receive({ max: 10, waitMs: 1000, visibilityMs: 60_000 });
    clock.schedule(300, () => queue.send([taskOf('a', 0)]));
    const beganMs = clock.now();
    expect(await clock.drive(poll)).toHaveLength(1);
    expect(clock.now() - beganMs).toBeLessThan(400);
  });

  it('sends what was deferred to its group when its time has come', async () => {
    const clock = new VirtualClock();
    const queue = new FifoQueue(clock);
    await clock.drive(queue.defer([taskOf('a', 0)], 5000));
    expect([queue.size, queue.deferred]).toEqual([0, 1]);
    await clock.advance(6000);
    expect([queue.size, queue.deferred]).toEqual([1, 0]);
  });
});

describe('the quota of an action', () => {
  it('is 300 calls a second in one partition, and more where there is more to do', async () => {
    const clock = new VirtualClock();
    const quota = new ApiQuota(clock);
    let made = 0;
    for (let second = 0; second < 11; second += 1) {
      // At the beginning it has those of a second in hand.
      for (let call = 0; call < 300; call += 1) made += quota.take() === 0 ? 1 : 0;
      await clock.advance(1000);
    }
    expect(made).toBe(3300);
    expect(quota.partitions).toBe(2);
    for (let call = 0; call < 600; call += 1) quota.take();
    expect(quota.take()).toBeGreaterThan(0);
  });

  it('never grows beyond that of the region', async () => {
    const clock = new VirtualClock();
    const quota = new ApiQuota(clock);
    for (let look = 0; look < 12; look += 1) {
      for (let call = 0; call < 1_000_000 / 4; call += 1000)
        for (let one = 0; one < 1000; one += 1) quota.take();
      await clock.advance(10_000);
    }
    expect(quota.partitions * SQS.callsPerPartition).toBeLessThanOrEqual(SQS.callsPerRegion);
  });
});
