import { describe, expect, it } from 'vitest';
import { MemoryFifoQueue } from '../../adapters/memory/memory-fifo-queue.ts';
import { createMemoryLedger } from '../../adapters/memory/memory-ledger.ts';
import { MemoryTaskQueue } from '../../adapters/memory/memory-task-queue.ts';
import { holdUntil, LeaseOverError, leased } from '../../core/lease.ts';
import type { SettledResult } from '../../core/result.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { aTask } from '../worker/records.ts';

const TASK = aTask('w0-g1-0', ['https://a.test/0.png']);
const VISIBILITY_MS = 900_000;

async function oneDelivery() {
  const clock = new VirtualClock();
  const fifo = new MemoryFifoQueue(clock, { visibilityMs: VISIBILITY_MS });
  const queue = new MemoryTaskQueue(fifo);
  await queue.send([TASK]);
  const [received] = queue.receive(1);
  if (received === undefined) throw new Error('a task was expected');
  const hold = (ms: number) =>
    holdUntil(clock.now() + ms, received, { clock, queue, ledger: createMemoryLedger() });
  return { clock, fifo, queue, received, hold };
}

describe('a delivery', () => {
  it('that is young needs no holding', async () => {
    const { clock, fifo, hold } = await oneDelivery();
    await clock.advance(59_999);
    await hold(180_000);
    expect(fifo.nextReturnMs()).toBe(clock.now() - 59_999 + VISIBILITY_MS);
  });

  it('that waited with whoever polls is held for longer than the worker may live', async () => {
    const { clock, fifo, hold } = await oneDelivery();
    await clock.advance(890_000);
    await hold(180_000);
    expect(fifo.nextReturnMs()).toBeGreaterThan(clock.now() + 180_000);
  });

  it('that is not the first one is held, since nobody tells its age', async () => {
    const { clock, fifo, queue } = await oneDelivery();
    await clock.advance(VISIBILITY_MS);
    const [again] = queue.receive(1);
    if (again === undefined) throw new Error('it did not come back');
    const ports = { clock, queue, ledger: createMemoryLedger() };
    await holdUntil(clock.now() + 180_000, again, ports);
    expect(fifo.nextReturnMs()).toBe(clock.now() + 190_000);
  });

  it('that is another worker’s by now cannot be held', async () => {
    const { clock, hold } = await oneDelivery();
    await clock.advance(VISIBILITY_MS);
    await expect(hold(180_000)).rejects.toThrow('in flight');
  });
});

describe('after its deadline a worker', () => {
  const result: SettledResult = {
    ...{ runId: TASK.runId, taskId: TASK.taskId, round: 0, url: 'https://a.test/0.png' },
    ...{ attempts: 1, durationMs: 1 },
    status: 'succeeded',
    reason: null,
    fetchedAt: '2026-01-01T00:00:00.000Z',
  };

  async function late() {
    const { clock, queue, received } = await oneDelivery();
    const ledger = createMemoryLedger();
    const ports = leased({ clock, queue, ledger }, clock.now() + 1000);
    return { clock, ledger, ports, received };
  }

  it('settles nothing more', async () => {
    const { clock, ledger, ports } = await late();
    await clock.advance(1000);
    await expect(ports.ledger.results.settle([result])).rejects.toThrow(LeaseOverError);
    expect(ledger.results.size).toBe(0);
  });

  it('sends, postpones and marks nothing', async () => {
    const { clock, ledger, ports, received } = await late();
    await clock.advance(1000);
    const { queue, ledger: after } = ports;
    const memory = { tries: {}, returns: 1, faults: 0 };
    const writes = [
      () => queue.send([TASK]),
      () => queue.postpone(received.receipt, 1000),
      () => queue.remove(received.receipt),
      () => after.tasks.register([TASK]),
      () => after.tasks.remember(TASK, memory),
      () => after.tasks.countSoloStart(TASK),
    ];
    for (const write of writes) await expect(write()).rejects.toThrow(LeaseOverError);
    expect(ledger.tasks.all(TASK.runId)).toEqual([]);
  });

  it('reads all the same, and did everything before', async () => {
    const { clock, ledger, ports } = await late();
    await clock.advance(999);
    await ports.ledger.results.settle([result]);
    await clock.advance(1);
    expect((await ports.ledger.tasks.recall(TASK)).settled.size).toBe(1);
    expect(ledger.results.size).toBe(1);
  });
});
