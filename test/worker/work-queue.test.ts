import { describe, expect, it } from 'vitest';
import { MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.ts';
import type { Delivery } from '../../core/ports/task-queue.ts';
import type { Stop } from '../../core/worker/task-stream.ts';
import { FleetStop } from '../../lambdas/fleet/fleet-stop.ts';
import { workQueue } from '../../lambdas/fleet/work-queue.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { aTask, urlsOf } from './records.ts';

const LEASE_MS = 60_000;

type Given = readonly Delivery[];

/** A worker of a fleet on a queue in memory, whose work is `work`. */
function begin(work: (given: Given, deadlineMs: number, stop?: Stop) => Promise<readonly []>) {
  const clock = new VirtualClock();
  const fifo = new MemoryFifoQueue(clock, { visibilityMs: LEASE_MS });
  const queue = new MemoryTaskQueue(fifo);
  const stop = new FleetStop(clock);
  const faults: unknown[] = [];
  const telemetry = {
    watch: <Event, Context, Answer>(handler: (event: Event, context: Context) => Answer) => handler,
    receiveFailed: (error: unknown) => void faults.push(error),
  };
  const run = () => workQueue({ clock, queue, stop, telemetry, work, leaseMs: LEASE_MS });
  return { clock, fifo, queue, stop, faults, run };
}

describe('a worker that is no function', () => {
  it('waits for tasks, works each, and ends when it is told to', async () => {
    const worked: string[] = [];
    const world = begin(async (given) => {
      for (const one of given) if (one.kind === 'task') worked.push(one.received.task.taskId);
      await world.clock.sleep(1000);
      return [];
    });
    world.clock.schedule(7000, () => world.queue.send([aTask('w0-g1-0', urlsOf('a.example', 1))]));
    world.clock.schedule(30_000, world.stop.ask);
    const beganMs = world.clock.now();
    await world.clock.drive(world.run());
    expect(worked).toEqual(['w0-g1-0']);
    // The poll that was under way ends by itself.
    expect(world.clock.now() - beganMs).toBeLessThanOrEqual(35_000);
  });

  it('tells what it works on that less than a minute is left', async () => {
    const left: number[] = [];
    const world = begin(async (_given, deadlineMs, stop) => {
      left.push(Math.min(deadlineMs, stop?.deadlineMs ?? deadlineMs) - world.clock.now());
      world.stop.ask();
      left.push(Math.min(deadlineMs, stop?.deadlineMs ?? deadlineMs) - world.clock.now());
      return [];
    });
    await world.queue.send([aTask('w0-g1-0', urlsOf('a.example', 1))]);
    await world.clock.drive(world.run());
    expect(left).toEqual([6 * 3_600_000, 50_000]);
  });

  it('gives back what it receives when it is to end', async () => {
    const world = begin(async () => {
      throw new Error('nothing is worked');
    });
    world.clock.schedule(1000, () => {
      world.stop.ask();
      void world.queue.send([aTask('w0-g1-0', urlsOf('a.example', 1))]);
    });
    await world.clock.drive(world.run());
    expect(world.fifo.depth()).toBe(1);
  });

  it('goes on when the queue does not answer for a while', async () => {
    const world = begin(async () => {
      world.stop.ask();
      return [];
    });
    const { receive } = world.fifo;
    let refused = 3;
    world.fifo.receive = (...given) => {
      refused -= 1;
      if (refused >= 0) throw new Error('throttled');
      return receive.apply(world.fifo, given);
    };
    await world.queue.send([aTask('w0-g1-0', urlsOf('a.example', 1))]);
    await world.clock.drive(world.run());
    expect(world.faults).toHaveLength(3);
  });
});
