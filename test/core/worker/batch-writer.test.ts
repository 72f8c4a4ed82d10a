import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { MemoryMemoryLedger } from '../../../adapters/memory/memory-memory-ledger.ts';
import { SILENT_OBSERVER } from '../../../adapters/memory/silent-observer.ts';
import { RESULT_LIMITS } from '../../../contract/limits.ts';
import { type Host, Hosts } from '../../../core/hosts/hosts.ts';
import type { SettledResult } from '../../../core/model/result.ts';
import type { KeptHost, ResultLedger, ResultPack } from '../../../core/ports/ledger.ts';
import { BatchWriter } from '../../../core/worker/batch-writer.ts';
import { GroupHold } from '../../../core/worker/group-hold.ts';
import { Lease, LeaseOverError } from '../../../core/worker/lease.ts';
import { settled, VirtualClock } from '../../virtual-clock.ts';
import { settledResult } from '../../worker/records.ts';

function aResult(at: number): SettledResult {
  return settledResult(`http://a.test/${at}`);
}

interface Batch {
  /** Results of each pack. */
  readonly packs: readonly number[];
  readonly hosts: readonly string[];
}

/** Notes each batch; answers when it is told to, and throws what it is told to. */
class NotingLedger implements ResultLedger {
  readonly limits = RESULT_LIMITS;
  readonly batches: Batch[] = [];
  readonly records: KeptHost[] = [];
  readonly places: string[] = [];
  failure: Error | undefined;
  /** What a write waits for before it is answered. */
  answer: Promise<unknown> = Promise.resolve();

  async settle(packs: readonly ResultPack[], hosts: readonly KeptHost[] = []): Promise<void> {
    const { answer, failure } = this;
    const results = packs.map((pack) => pack.results.length);
    this.batches.push({ packs: results, hosts: hosts.map(({ host }) => host) });
    this.places.push(...packs.map(({ hold, part }) => `${hold} ${part}`));
    this.records.push(...hosts);
    await answer;
    if (failure !== undefined) throw failure;
  }

  enter(): Promise<never> {
    throw new Error('not planned');
  }

  settleAlone(): Promise<never> {
    throw new Error('not planned');
  }

  addIndex(): Promise<never> {
    throw new Error('not planned');
  }

  remembered(): Promise<never> {
    throw new Error('not planned');
  }

  /** Results of all packs so far, one after the other. */
  get sizes(): readonly number[] {
    return this.batches.flatMap(({ packs }) => packs);
  }
}

/** A group that is held for the seventh time. */
function aHold(group = 'g1'): GroupHold {
  const hold = new GroupHold('run-1', group);
  hold.learn({ hold: 7, index: [], packs: [] });
  return hold;
}

function aWriter() {
  const clock = new VirtualClock();
  const ledger = new NotingLedger();
  const writer = new BatchWriter({
    ledger: { results: ledger, memory: new MemoryMemoryLedger() },
    clock,
    observer: SILENT_OBSERVER,
  });
  const lease = new Lease('r1', Number.POSITIVE_INFINITY);
  const hosts = new Hosts(clock);
  const hold = aHold();
  const settleMany = (count: number, from = 0) =>
    Array.from({ length: count }, (_, at) => writer.settle(aResult(from + at), lease, hold));
  const keepMany = (count: number): readonly Host[] => {
    const kept = Array.from({ length: count }, (_, at) => hosts.get(`h${at}.test`));
    for (const host of kept) writer.keepHost(host, lease);
    return kept;
  };
  return { clock, hold, hosts, keepMany, lease, ledger, settleMany, writer };
}

/** Hosts of each write so far. */
function hostsIn({ batches }: NotingLedger): readonly number[] {
  return batches.map(({ hosts }) => hosts.length);
}

/** A write that is answered when it is told to. */
function heldAnswer(ledger: NotingLedger): () => void {
  let answer = () => {};
  ledger.answer = new Promise<void>((resolve) => {
    answer = resolve;
  });
  return () => {
    ledger.answer = Promise.resolve();
    answer();
  };
}

/** Node has no other way to it in a process that was started without the option. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Notes whether a promise is over. */
function watch(job: Promise<unknown>): { isOver: boolean } {
  const watched = { isOver: false };
  void job.then(() => {
    watched.isOver = true;
  });
  return watched;
}

describe('results', () => {
  it('are written at once when there are 98 of a group', async () => {
    const { ledger, settleMany } = aWriter();
    await Promise.all(settleMany(98));
    expect(ledger.batches).toEqual([{ packs: [98], hosts: [] }]);
  });

  it('wait for more for a second, and those after them for four', async () => {
    const { clock, ledger, settleMany } = aWriter();
    const settling = Promise.all(settleMany(3));
    await clock.advance(999);
    expect(ledger.batches).toEqual([]);
    await clock.advance(1);
    await settling;
    expect(ledger.sizes).toEqual([3]);
    const later = Promise.all(settleMany(4, 3));
    await clock.advance(3999);
    expect(ledger.sizes).toEqual([3]);
    await clock.advance(1);
    await later;
    expect(ledger.sizes).toEqual([3, 4]);
  });

  it('wait for a tenth of a second when somebody waits for them', async () => {
    const { clock, hold, ledger, settleMany, writer } = aWriter();
    const settling = Promise.all(settleMany(3));
    writer.hurry(hold);
    await clock.advance(99);
    expect(ledger.batches).toEqual([]);
    await clock.advance(1);
    await settling;
    expect(ledger.sizes).toEqual([3]);
  });

  it('of other groups do not hurry with them', async () => {
    const { clock, lease, ledger, settleMany, writer } = aWriter();
    const other = aHold('g2');
    const settling = writer.settle(aResult(99), lease, other);
    const waiting = Promise.all(settleMany(3));
    writer.hurry(other);
    await clock.advance(100);
    await settling;
    expect(ledger.sizes).toEqual([1]);
    await clock.advance(900);
    await waiting;
    expect(ledger.sizes).toEqual([1, 3]);
  });

  it('of several groups that are due together go in one write, a pack for each', async () => {
    const { clock, lease, ledger, settleMany, writer } = aWriter();
    const settling = settleMany(3);
    settling.push(writer.settle(aResult(99), lease, aHold('g2')));
    await clock.advance(1000);
    await Promise.all(settling);
    expect(ledger.batches).toEqual([{ packs: [3, 1], hosts: [] }]);
  });

  it('are not written when there are no results and the writer is flushed', async () => {
    const { clock, hold, ledger, writer } = aWriter();
    writer.hurry(hold);
    await clock.runUntilIdle();
    expect(ledger.batches).toEqual([]);
  });

  it('go in no small pack after the full one that took what was in a hurry', async () => {
    const { clock, hold, ledger, settleMany, writer } = aWriter();
    const settling = Promise.all(settleMany(3));
    writer.hurry(hold);
    const later = Promise.all(settleMany(97, 3));
    await settling;
    await clock.advance(100);
    expect(ledger.sizes).toEqual([98]);
    await clock.advance(3900);
    await later;
    expect(ledger.sizes).toEqual([98, 2]);
  });

  it('once written leave nothing of their group with the writer', async () => {
    const { clock, lease, writer } = aWriter();
    const holds = Array.from({ length: 20 }, (_, at) => aHold(`g${at}`));
    const settling = holds.map((hold, at) => writer.settle(aResult(at), lease, hold));
    const left = holds.splice(0).map((hold) => new WeakRef(hold));
    await clock.advance(1000);
    await Promise.all(settling);
    collectGarbage();
    // What an optimised frame may still hold is one of them, not all.
    expect(left.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(3);
  });

  it('that are over a full pack are written after the wait', async () => {
    const { clock, ledger, settleMany } = aWriter();
    const settling = Promise.all(settleMany(200));
    await clock.advance(4000);
    await settling;
    expect(ledger.sizes).toEqual([98, 98, 4]);
    expect(ledger.places).toEqual(['7 0', '7 1', '7 2']);
  });

  it('are known to their group when they are kept, and not before', async () => {
    const { clock, hold, ledger, settleMany } = aWriter();
    const answer = heldAnswer(ledger);
    const settling = Promise.all(settleMany(1));
    await clock.advance(1000);
    expect(ledger.sizes).toEqual([1]);
    expect(hold.find('http://a.test/0')).toBeUndefined();
    answer();
    await settling;
    expect(hold.find('http://a.test/0')).toMatchObject({ round: 0 });
  });

  it('are settled only when the write is over', async () => {
    const { clock, hold, lease, ledger, writer } = aWriter();
    const answer = heldAnswer(ledger);
    const settling = watch(writer.settle(aResult(1), lease, hold));
    await clock.advance(5000);
    expect(ledger.sizes).toEqual([1]);
    expect(settling.isOver).toBe(false);
    answer();
    await settled();
    expect(settling.isOver).toBe(true);
  });

  it('of a batch that fails are each told so, and the next ones are written', async () => {
    const { clock, hold, lease, ledger, settleMany, writer } = aWriter();
    ledger.failure = new Error('throttled');
    const ends = await Promise.allSettled(settleMany(98));
    expect(ends).toEqual(Array(98).fill({ status: 'rejected', reason: ledger.failure }));
    ledger.failure = undefined;
    const next = writer.settle(aResult(1), lease, hold);
    await clock.runUntilIdle();
    await expect(next).resolves.toBeUndefined();
  });

  it('of a task whose lease is over are not written, and the others of their batch are', async () => {
    const { clock, hold, ledger, settleMany, writer } = aWriter();
    const over = writer.settle(aResult(99), new Lease('r2', clock.now() + 1000), hold);
    over.catch(() => {}); // looked at below
    const others = Promise.all(settleMany(2));
    await clock.advance(1000);
    await expect(over).rejects.toThrow(LeaseOverError);
    await others;
    expect(ledger.sizes).toEqual([2]);
  });

  it('of a task whose lease ends in a moment are written', async () => {
    const { clock, hold, ledger, writer } = aWriter();
    const settling = writer.settle(aResult(1), new Lease('r2', clock.now() + 1001), hold);
    await clock.advance(1000);
    await expect(settling).resolves.toBeUndefined();
    expect(ledger.sizes).toEqual([1]);
  });
});

describe('hosts', () => {
  it('are written beside results, in one write', async () => {
    const { clock, keepMany, ledger, settleMany } = aWriter();
    const settling = Promise.all(settleMany(2));
    keepMany(2);
    await clock.advance(1000);
    await settling;
    expect(ledger.batches).toEqual([{ packs: [2], hosts: ['h0.test', 'h1.test'] }]);
  });

  it('are written alone where there is no result, at once when there are 25', async () => {
    const { clock, keepMany, ledger } = aWriter();
    keepMany(26);
    expect(hostsIn(ledger)).toEqual([25]);
    await clock.advance(1000);
    expect(hostsIn(ledger)).toEqual([25, 1]);
  });

  it('and packs beside them never make a write of more than 25', async () => {
    const { clock, keepMany, lease, ledger, writer } = aWriter();
    const answer = heldAnswer(ledger);
    keepMany(24);
    await clock.advance(1000);
    keepMany(24); // they wait, since they are being written
    const groups = Array.from({ length: 24 }, (_, at) => aHold(`g${at}`));
    const settling = groups.map((group, at) => writer.settle(aResult(at), lease, group));
    answer();
    await clock.runUntilIdle();
    await Promise.all(settling);
    const items = ledger.batches.map(({ packs, hosts }) => packs.length + hosts.length);
    expect(Math.max(...items)).toBeLessThanOrEqual(25);
    expect(items.reduce((sum, size) => sum + size, 0)).toBe(24 + 24 + 24);
  });

  it('are written as they are when they are written', async () => {
    const { clock, keepMany, ledger } = aWriter();
    const [host] = keepMany(1);
    const budget = { round: 'run-1 0', attempts: 3 };
    host?.lane.recordFailure({ reason: 'unavailable', retryAfterMs: 60_000, budget }, 0);
    const pausedUntilMs = clock.now() + 60_000;
    await clock.advance(1000);
    expect(ledger.records).toMatchObject([{ host: 'h0.test', record: { pausedUntilMs } }]);
  });

  it('that are kept twice before they are written are written once', async () => {
    const { clock, keepMany, ledger } = aWriter();
    keepMany(1);
    keepMany(1);
    await clock.runUntilIdle();
    expect(ledger.batches).toEqual([{ packs: [], hosts: ['h0.test'] }]);
  });

  it('are in one write at a time, and written again when they have changed meanwhile', async () => {
    const { clock, keepMany, ledger } = aWriter();
    const answer = heldAnswer(ledger);
    keepMany(2);
    await clock.advance(1000);
    keepMany(1);
    await clock.advance(10_000);
    expect(ledger.batches).toEqual([{ packs: [], hosts: ['h0.test', 'h1.test'] }]);
    answer();
    await clock.advance(1000);
    expect(ledger.batches.slice(1)).toEqual([{ packs: [], hosts: ['h0.test'] }]);
  });

  it('that are being written do not hold up results', async () => {
    const { clock, keepMany, ledger, settleMany } = aWriter();
    heldAnswer(ledger);
    keepMany(1);
    await clock.advance(1000);
    keepMany(1);
    ledger.answer = Promise.resolve();
    const settling = Promise.all(settleMany(3));
    await clock.advance(1000);
    await settling;
    expect(ledger.batches).toEqual([
      { packs: [], hosts: ['h0.test'] },
      { packs: [3], hosts: [] },
    ]);
  });

  it('of a task whose lease is over are not written', async () => {
    const { clock, hosts, keepMany, ledger, writer } = aWriter();
    writer.keepHost(hosts.get('late.test'), new Lease('r2', clock.now() + 1000));
    keepMany(1);
    await clock.advance(1000);
    expect(ledger.batches).toEqual([{ packs: [], hosts: ['h0.test'] }]);
  });
});

describe('whoever waits for hosts', () => {
  it('does not wait when nothing is to be written of them', async () => {
    const { keepMany, writer } = aWriter();
    keepMany(1);
    await expect(writer.hostsKept(['another.test'])).resolves.toBeUndefined();
    await expect(writer.hostsKept([])).resolves.toBeUndefined();
  });

  it('makes them be written within a tenth of a second, and waits for the answer', async () => {
    const { clock, keepMany, ledger, writer } = aWriter();
    const answer = heldAnswer(ledger);
    keepMany(2);
    const waiting = watch(writer.hostsKept(['h0.test', 'h1.test']));
    await clock.advance(99);
    expect(ledger.batches).toEqual([]);
    await clock.advance(1);
    expect(ledger.batches).toEqual([{ packs: [], hosts: ['h0.test', 'h1.test'] }]);
    expect(waiting.isOver).toBe(false);
    answer();
    await settled();
    expect(waiting.isOver).toBe(true);
  });

  it('waits for those that are being written already', async () => {
    const { clock, keepMany, ledger, writer } = aWriter();
    const answer = heldAnswer(ledger);
    keepMany(1);
    await clock.advance(1000);
    const waiting = watch(writer.hostsKept(['h0.test']));
    await settled();
    expect(waiting.isOver).toBe(false);
    answer();
    await settled();
    expect(waiting.isOver).toBe(true);
  });

  it('waits for the second write of what has changed during the first', async () => {
    const { clock, keepMany, ledger, writer } = aWriter();
    const answer = heldAnswer(ledger);
    keepMany(1);
    await clock.advance(1000);
    keepMany(1);
    const waiting = watch(writer.hostsKept(['h0.test']));
    const answerSecond = () => {
      answer();
      return heldAnswer(ledger);
    };
    const last = answerSecond();
    await clock.advance(100);
    expect(ledger.batches).toHaveLength(2);
    expect(waiting.isOver).toBe(false);
    last();
    await settled();
    expect(waiting.isOver).toBe(true);
  });

  it('is told when the write fails, and whoever waits for others is not', async () => {
    const { clock, hosts, keepMany, lease, ledger, writer } = aWriter();
    keepMany(1);
    const failing = writer.hostsKept(['h0.test']);
    failing.catch(() => {}); // looked at below
    ledger.failure = new Error('throttled');
    await clock.advance(100);
    await expect(failing).rejects.toThrow('throttled');
    ledger.failure = undefined;
    writer.keepHost(hosts.get('other.test'), lease);
    const other = writer.hostsKept(['other.test']);
    await clock.advance(100);
    await expect(other).resolves.toBeUndefined();
  });

  it('waits for a write of what could not be written before', async () => {
    const { clock, keepMany, ledger, writer } = aWriter();
    keepMany(1);
    ledger.failure = new Error('throttled');
    await clock.advance(1000);
    ledger.failure = undefined;
    const waiting = writer.hostsKept(['h0.test']);
    await clock.advance(100);
    await expect(waiting).resolves.toBeUndefined();
    expect(ledger.batches).toHaveLength(2);
  });
});
