import { describe, expect, it } from 'vitest';
import type { ResultLedger } from '../../core/ports/ledger.ts';
import type { SettledResult } from '../../core/result.ts';
import { Settler } from '../../core/settler.ts';
import { VirtualClock } from '../virtual-clock.ts';

function aResult(at: number): SettledResult {
  return {
    ...{ runId: 'run-1', taskId: 'w0-g1-0', round: 0, url: `http://a.test/${at}` },
    ...{ status: 'succeeded', reason: null, attempts: 1, durationMs: 1, fetchedAt: '' },
  };
}

/** Notes each batch; throws what it is told to. */
class NotingLedger implements ResultLedger {
  readonly batches: number[] = [];
  failure: Error | undefined;

  async settle(results: readonly SettledResult[]): Promise<void> {
    this.batches.push(results.length);
    if (this.failure !== undefined) throw this.failure;
  }
}

function aSettler() {
  const clock = new VirtualClock();
  const ledger = new NotingLedger();
  const settler = new Settler(ledger, clock);
  const settleMany = (count: number) =>
    Array.from({ length: count }, (_, at) => settler.settle(aResult(at)));
  return { clock, ledger, settler, settleMany };
}

describe('settling in batches', () => {
  it('writes a full batch at once', async () => {
    const { ledger, settleMany } = aSettler();
    await Promise.all(settleMany(25));
    expect(ledger.batches).toEqual([25]);
  });

  it('lets the others wait a second for company', async () => {
    const { clock, ledger, settleMany } = aSettler();
    const settling = Promise.all(settleMany(3));
    await clock.advance(999);
    expect(ledger.batches).toEqual([]);
    await clock.advance(1);
    await settling;
    expect(ledger.batches).toEqual([3]);
  });

  it('lets what is in a hurry wait for company a tenth of a second', async () => {
    const { clock, ledger, settler, settleMany } = aSettler();
    const settling = Promise.all(settleMany(3));
    settler.flushSoon();
    await clock.advance(99);
    expect(ledger.batches).toEqual([]);
    await clock.advance(1);
    await settling;
    expect(ledger.batches).toEqual([3]);
  });

  it('sends no small batch after the full one that took what was in a hurry', async () => {
    const { clock, ledger, settler, settleMany } = aSettler();
    const settling = Promise.all(settleMany(3));
    settler.flushSoon();
    const later = Promise.all(settleMany(24));
    await settling;
    await clock.advance(100);
    expect(ledger.batches).toEqual([25]);
    await clock.advance(900);
    await later;
    expect(ledger.batches).toEqual([25, 2]);
  });

  it('writes what is over a full batch after the wait', async () => {
    const { clock, ledger, settleMany } = aSettler();
    const settling = Promise.all(settleMany(60));
    await clock.advance(1000);
    await settling;
    expect(ledger.batches).toEqual([25, 25, 10]);
  });

  it('never lets a result wait longer than a second, whatever was written before', async () => {
    const { clock, ledger, settler, settleMany } = aSettler();
    const before = settleMany(25);
    await clock.advance(500);
    const late = settler.settle(aResult(99));
    await clock.advance(1000);
    await Promise.all([...before, late]);
    expect(ledger.batches).toEqual([25, 1]);
  });

  it('writes at once when it is told to', async () => {
    const { ledger, settler, settleMany } = aSettler();
    const settling = Promise.all(settleMany(2));
    settler.flush();
    await settling;
    expect(ledger.batches).toEqual([2]);
  });

  it('resolves only when the write is over', async () => {
    const { clock, settler } = aSettler();
    let kept = false;
    const settling = settler.settle(aResult(1)).then(() => {
      kept = true;
    });
    await clock.advance(900);
    expect(kept).toBe(false);
    await clock.advance(100);
    await settling;
    expect(kept).toBe(true);
  });

  it('tells an error to every caller of the batch, and goes on', async () => {
    const { clock, ledger, settleMany, settler } = aSettler();
    ledger.failure = new Error('throttled');
    const ends = await Promise.allSettled(settleMany(25));
    expect(ends.map(({ status }) => status)).toEqual(Array(25).fill('rejected'));
    ledger.failure = undefined;
    const next = settler.settle(aResult(1));
    await clock.runUntilIdle();
    await expect(next).resolves.toBeUndefined();
  });
});
