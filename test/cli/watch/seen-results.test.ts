import { describe, expect, test } from 'vitest';
import { SeenResults } from '../../../cli/watch/seen-results.ts';
import type { ResultBody } from '../../../contract/items.ts';
import type { SettledBatch } from '../../../contract/settled-batch.ts';
import { SettledSums } from '../../../contract/settled-sums.ts';
import { aResult } from '../records.ts';

const SINCE = '2026-11-23T21:45:00.000Z';
const START = Date.parse(SINCE);

/** As a function's thread sums up what it settles. */
function batchOf(results: readonly ResultBody[]): SettledBatch {
  const sums = new SettledSums();
  for (const result of results) sums.add(result);
  return { sums: [...sums.all()], pictures: [...results] };
}

/** A table of results that counts what is read of it. */
class Table {
  results: ResultBody[];
  reads = 0;
  passes = 0;
  closed = 0;

  constructor(count: number) {
    this.results = Array.from({ length: count }, (_, n) => resultAt(n));
  }

  open = async function* (this: Table): AsyncGenerator<ResultBody> {
    this.passes += 1;
    try {
      for (const result of this.results) {
        this.reads += 1;
        yield result;
      }
    } finally {
      this.closed += 1;
    }
  }.bind(this);
}

function resultAt(n: number, fetchedMs = START - 1000): ResultBody {
  const fetchedAt = new Date(fetchedMs).toISOString();
  return aResult({ url: `http://host${n % 3}.example/${n}`, fetchedAt });
}

describe('results that are read in passes', () => {
  test('are read a part at a look, and each once in a pass', async () => {
    const [table, seen] = [new Table(25), new SeenResults()];
    for (let look = 1; look <= 2; look += 1) {
      await seen.read(table.open, 25, { results: 10 });
      expect(table.reads).toBe(10 * look);
      expect(seen.hasRead(25)).toBe(false);
    }
    await seen.read(table.open, 25, { results: 10 });
    expect(seen.hasRead(25)).toBe(true);
    expect(seen.tally.results).toBe(25);
    await seen.read(table.open, 25, { results: 10 });
    expect(table).toMatchObject({ reads: 25, passes: 1 });
  });

  test('are read again when there are more, and known figures stay until then', async () => {
    const [table, seen] = [new Table(20), new SeenResults()];
    await seen.read(table.open, 20, { results: 100 });
    table.results = Array.from({ length: 30 }, (_, n) => resultAt(n));
    await seen.read(table.open, 30, { results: 5 });
    expect(seen.tally.results).toBe(20);
    await seen.read(table.open, 30, { results: 100 });
    expect(seen.tally.results).toBe(30);
    expect(table.passes).toBe(2);
  });

  test('let go of the table when the pass is given up, and begin again', async () => {
    const [table, seen] = [new Table(20), new SeenResults()];
    await seen.read(table.open, 20, { results: 5 });
    await seen.abandon();
    expect(table.closed).toBe(1);
    await seen.read(table.open, 20, { results: 100 });
    expect(seen.tally.results).toBe(20);
  });
});

describe('results that are fed', () => {
  test('are counted once beside those that are read', async () => {
    const [table, seen] = [new Table(10), new SeenResults()];
    await seen.beginFeed(SINCE);
    const fresh = Array.from({ length: 5 }, (_, n) => resultAt(100 + n, START + n));
    seen.feed(batchOf(fresh));
    // They are in the table too, by the time it is read.
    table.results.push(...fresh);
    await seen.read(table.open, 15, { results: 100 });
    expect(seen.tally.results).toBe(15);
    expect(seen.hasRead(99)).toBe(true);
    seen.feed(batchOf([resultAt(200, START + 50)]));
    expect(seen.tally.results).toBe(16);
  });

  test('are left out where nobody asked for them', () => {
    const seen = new SeenResults();
    seen.feed(batchOf([resultAt(1, START + 1)]));
    expect(seen.tally.results).toBe(0);
  });
});

test('hosts beyond the five thousandth are counted together', () => {
  const seen = new SeenResults();
  return seen.beginFeed(SINCE).then(() => {
    const many = Array.from({ length: 6000 }, (_, n) => {
      return aResult({ url: `http://h${n}.example/`, fetchedAt: new Date(START).toISOString() });
    });
    seen.feed(batchOf(many));
    expect(seen.tally.results).toBe(6000);
    expect(seen.tally.size).toBe(5001);
    expect(seen.tally.get('other hosts')?.succeeded).toBe(1000);
    expect(seen.tally.largest(2).map(({ host }) => host)[0]).toBe('other hosts');
  });
});
