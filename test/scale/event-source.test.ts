import { describe, expect, it } from 'vitest';
import { EVENT_SOURCE } from '../../bench/scale/facts.ts';
import { EventSource } from '../../bench/scale/models/event-source.ts';
import { FifoQueue } from '../../bench/scale/models/fifo-queue.ts';
import type { Task } from '../../core/model/task.ts';
import { VirtualClock } from '../virtual-clock.ts';

const taskOf = (group: number): Task => {
  return { runId: 'r', taskId: `w0-g${group}-0-0`, group: `g${group}`, round: 0, targets: [] };
};

/** A queue of tasks of that many groups, and an event source whose workers take so long. */
async function begin(groups: number, concurrency: number, tookMs: number) {
  const clock = new VirtualClock();
  const queue = new FifoQueue(clock);
  const source = new EventSource({
    clock,
    queue,
    concurrency,
    timeoutMs: 900_000,
    hire: () => async (given) => {
      await clock.sleep(tookMs);
      return given.flatMap((one) =>
        one.kind === 'task' ? { receipt: one.received.receipt, end: { kind: 'done' } } : [],
      );
    },
  });
  await clock.drive(queue.send(Array.from({ length: groups }, (_, at) => taskOf(at))));
  return { clock, queue, source };
}

describe('an event source', () => {
  it('begins with five invocations and adds 300 a minute', async () => {
    const { clock, source } = await begin(4000, 1000, 600_000);
    await clock.advance(1000);
    expect(source.busy).toBeGreaterThanOrEqual(EVENT_SOURCE.first);
    expect(source.busy).toBeLessThanOrEqual(source.allowed);
    await clock.advance(60_000);
    expect(source.busy).toBeGreaterThan(280);
    expect(source.busy).toBeLessThanOrEqual(source.allowed);
    expect(source.allowed).toBeLessThan(EVENT_SOURCE.first + 2 * EVENT_SOURCE.morePerMinute);
  });

  it('has no more invocations than it may, nor than there are groups to give', async () => {
    const few = await begin(4000, 30, 600_000);
    await few.clock.advance(60_000);
    expect(few.source.mostBusy).toBe(30);
    const short = await begin(40, 1000, 600_000);
    await short.clock.advance(60_000);
    expect(short.source.mostBusy).toBeLessThanOrEqual(40);
    expect(short.queue.hasReady).toBe(false);
  });

  it('deletes what its function has done, and counts the time of each invocation', async () => {
    const { clock, queue, source } = await begin(10, 2, 5000);
    await clock.advance(60_000);
    expect(queue.size).toBe(0);
    expect(source.invocations).toBe(1);
    // With the start of its environment.
    expect(source.busyMs).toBe(5500);
  });
});
