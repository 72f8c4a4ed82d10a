import { describe, expect, it } from 'vitest';
import { MemoryFifoQueue } from '../../../adapters/memory/memory-fifo-queue.ts';
import { MemoryTaskQueue } from '../../../adapters/memory/memory-task-queue.ts';
import type { TaskQueue } from '../../../core/ports/task-queue.ts';
import { Lease, LeaseOverError, Leases } from '../../../core/worker/lease.ts';
import { instead } from '../../instead.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { aTask } from '../../worker/records.ts';

const TASK = aTask('w0-g1-0', ['https://a.test/0.png']);
/** How long a message is hidden, and how long its lease lasts without a heartbeat, in milliseconds. */
const VISIBILITY_MS = 60_000;
const LEASE_MS = 50_000;
const MINUTE_MS = 60_000;

/** One task that is out, with leases whose heartbeat may be made to fail. */
async function oneDelivery(deadlineMs = 15 * MINUTE_MS) {
  const clock = new VirtualClock(0);
  const fifo = new MemoryFifoQueue(clock, { visibilityMs: VISIBILITY_MS });
  const queue = new MemoryTaskQueue(fifo);
  const beats: number[] = [];
  let extendNow: TaskQueue['extend'] = (receipts, ms) => queue.extend(receipts, ms);
  const extend: TaskQueue['extend'] = (receipts, ms) => {
    beats.push(clock.now());
    return extendNow(receipts, ms);
  };
  const leases = new Leases(
    { clock, queue: instead(queue, { extend }) },
    VISIBILITY_MS,
    deadlineMs,
  );
  await queue.send([TASK]);
  const [received] = queue.receiveNow(1);
  if (received === undefined) throw new Error('a task was expected');
  const extendBy = (other: TaskQueue['extend']) => {
    extendNow = other;
  };
  const heal = () => extendBy((receipts, ms) => queue.extend(receipts, ms));
  return { beats, clock, extendBy, fifo, heal, leases, queue, received };
}

const refuses: TaskQueue['extend'] = () => Promise.reject(new Error('the queue is down'));

describe('a lease', () => {
  it('is held until its end, and then is a fault', () => {
    const lease = new Lease('r1', 1000);
    expect(lease.isHeld(999)).toBe(true);
    expect(lease.faultAt(999)).toBeUndefined();
    expect(() => lease.check(999)).not.toThrow();
    expect(lease.isHeld(1000)).toBe(false);
    expect(lease.faultAt(1000)).toBeInstanceOf(LeaseOverError);
    expect(() => lease.check(1000)).toThrow(LeaseOverError);
  });

  it('is made longer and never shorter', () => {
    const lease = new Lease('r1', 1000);
    lease.extend(0, 3000);
    lease.extend(0, 2000);
    expect(lease.isHeld(2999)).toBe(true);
    expect(lease.isHeld(3000)).toBe(false);
  });

  it('that is over does not come back', () => {
    const lease = new Lease('r1', 1000);
    lease.extend(1000, 9000);
    expect(lease.isHeld(1000)).toBe(false);
  });

  it('that was ended is over at any time', () => {
    const lease = new Lease('r1', 1000);
    lease.end();
    lease.extend(1, 9000);
    expect(lease.isHeld(1)).toBe(false);
  });
});

describe('the heartbeat of a worker', () => {
  it('holds a message for as long as its task takes', async () => {
    const { clock, fifo, leases, received } = await oneDelivery();
    const lease = leases.begin(received, clock.now());
    await clock.advance(10 * MINUTE_MS);
    expect(lease.isHeld(clock.now())).toBe(true);
    expect(fifo.depth()).toBe(0);
    expect(fifo.nextReturnMs()).toBeGreaterThan(clock.now() + LEASE_MS - VISIBILITY_MS / 3);
  });

  it('beats three times while a message is hidden', async () => {
    const { beats, clock, leases, received } = await oneDelivery();
    leases.begin(received, clock.now());
    await clock.advance(MINUTE_MS);
    expect(beats).toEqual([20_000, 40_000, 60_000]);
  });

  it('holds all messages by one request', async () => {
    const { clock, extendBy, leases, received } = await oneDelivery();
    const asked: (readonly string[])[] = [];
    extendBy(async (receipts) => {
      asked.push(receipts);
      return new Set(receipts);
    });
    leases.begin(received, clock.now());
    leases.begin({ ...received, receipt: 'another' }, clock.now());
    await clock.advance(VISIBILITY_MS / 3);
    expect(asked).toEqual([[received.receipt, 'another']]);
  });

  it('holds no message whose task is over, and stops when there is none', async () => {
    const { beats, clock, leases, received } = await oneDelivery();
    const lease = leases.begin(received, clock.now());
    await clock.advance(25_000);
    leases.end(lease);
    expect(lease.isHeld(clock.now())).toBe(false);
    await clock.runUntilIdle();
    expect(beats).toEqual([20_000]);
  });

  it('begins again with the next message', async () => {
    const { beats, clock, leases, received } = await oneDelivery();
    leases.end(leases.begin(received, clock.now()));
    await clock.runUntilIdle();
    const lease = leases.begin(received, clock.now());
    await clock.advance(MINUTE_MS);
    expect(lease.isHeld(clock.now())).toBe(true);
    expect(beats).toEqual([40_000, 60_000, 80_000]);
  });
});

describe('a heartbeat that fails', () => {
  it('ends the lease before the message comes back', async () => {
    const { clock, extendBy, fifo, leases, received } = await oneDelivery();
    const lease = leases.begin(received, clock.now());
    extendBy(refuses);
    await clock.advance(LEASE_MS - 1);
    expect(lease.isHeld(clock.now())).toBe(true);
    await clock.advance(1);
    expect(lease.isHeld(clock.now())).toBe(false);
    expect(fifo.nextReturnMs()).toBe(VISIBILITY_MS);
  });

  it('costs nothing when the next one comes through in time', async () => {
    const { clock, extendBy, heal, leases, received } = await oneDelivery();
    const lease = leases.begin(received, clock.now());
    extendBy(refuses);
    await clock.advance(39_999);
    heal();
    await clock.advance(5 * MINUTE_MS);
    expect(lease.isHeld(clock.now())).toBe(true);
  });

  it('never brings back a lease that ran out meanwhile', async () => {
    const { clock, extendBy, heal, leases, received } = await oneDelivery();
    const lease = leases.begin(received, clock.now());
    extendBy(refuses);
    await clock.advance(LEASE_MS);
    heal();
    await clock.advance(5 * MINUTE_MS);
    expect(lease.isHeld(clock.now())).toBe(false);
  });

  it('never brings back a lease by an answer that came too late', async () => {
    const { clock, extendBy, leases, queue, received } = await oneDelivery();
    const lease = leases.begin(received, clock.now());
    extendBy(async (receipts, ms) => {
      await clock.sleep(LEASE_MS);
      return queue.extend(receipts, ms);
    });
    await clock.advance(VISIBILITY_MS / 3 + LEASE_MS);
    expect(lease.isHeld(clock.now())).toBe(false);
  });

  it('counts from before the request was sent, not from its answer', async () => {
    const { clock, extendBy, leases, received } = await oneDelivery();
    const lease = leases.begin(received, clock.now());
    extendBy(async (receipts) => {
      await clock.sleep(25_000);
      extendBy(refuses);
      return new Set(receipts);
    });
    await clock.advance(VISIBILITY_MS / 3 + LEASE_MS - 1);
    expect(lease.isHeld(clock.now())).toBe(true);
    await clock.advance(1);
    expect(lease.isHeld(clock.now())).toBe(false);
  });

  it('of one message does not affect the others', async () => {
    const { clock, extendBy, leases, received } = await oneDelivery();
    const lost = leases.begin(received, clock.now());
    const kept = leases.begin({ ...received, receipt: 'another' }, clock.now());
    extendBy(async () => new Set(['another']));
    await clock.advance(LEASE_MS);
    expect([lost, kept].map((lease) => lease.isHeld(clock.now()))).toEqual([false, true]);
  });
});

describe('the deadline of an invocation', () => {
  it('ends its leases, whatever was extended', async () => {
    const deadlineMs = 100_000;
    const { clock, leases, received } = await oneDelivery(deadlineMs);
    const lease = leases.begin(received, clock.now());
    await clock.advance(deadlineMs - 1);
    expect(lease.isHeld(clock.now())).toBe(true);
    await clock.advance(1);
    expect(lease.isHeld(clock.now())).toBe(false);
  });

  it('ends the heartbeat, so that the messages of a worker that hangs come back', async () => {
    const { beats, clock, fifo, leases, received } = await oneDelivery(100_000);
    leases.begin(received, clock.now());
    await clock.runUntilIdle();
    expect(Math.max(...beats)).toBeLessThan(100_000);
    await clock.advance(MINUTE_MS);
    expect(fifo.depth()).toBe(1);
  });
});

describe('messages that somebody else received', () => {
  it('are held at once, however long they have waited with the poller', async () => {
    const { clock, fifo, leases, received } = await oneDelivery();
    await clock.advance(VISIBILITY_MS - 1);
    const taken = await leases.take([received]);
    expect(fifo.nextReturnMs()).toBe(clock.now() + VISIBILITY_MS);
    expect(taken.get(received.receipt)?.isHeld(clock.now() + LEASE_MS - 1)).toBe(true);
    expect(taken.get(received.receipt)?.isHeld(clock.now() + LEASE_MS)).toBe(false);
  });

  it('are not taken when they are another worker’s by now', async () => {
    const { clock, leases, queue, received } = await oneDelivery();
    await clock.advance(VISIBILITY_MS);
    const [again] = queue.receiveNow(1);
    if (again === undefined) throw new Error('it did not come back');
    const taken = await leases.take([received, again]);
    expect([...taken.keys()]).toEqual([again.receipt]);
  });

  it('are held by the heartbeat like the others', async () => {
    const { clock, leases, received } = await oneDelivery();
    const taken = await leases.take([received]);
    await clock.advance(10 * MINUTE_MS);
    expect(taken.get(received.receipt)?.isHeld(clock.now())).toBe(true);
  });

  it('are not taken when the queue does not answer', async () => {
    const { extendBy, leases, received } = await oneDelivery();
    extendBy(refuses);
    await expect(leases.take([received])).rejects.toThrow('the queue is down');
  });
});
