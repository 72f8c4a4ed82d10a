import { describe, expect, it } from 'vitest';
import { DYNAMODB, S3 } from '../../bench/scale/facts.ts';
import { Bucket } from '../../bench/scale/models/bucket.ts';
import { Rate, ThrottledError } from '../../bench/scale/models/rate.ts';
import { Table } from '../../bench/scale/models/table.ts';
import { VirtualClock } from '../virtual-clock.ts';

/** Writes one unit after the other for so long, at most; gives how many were taken. */
async function writeFor(clock: VirtualClock, ms: number, write: () => Promise<void>) {
  const endMs = clock.now() + ms;
  let taken = 0;
  while (clock.now() < endMs) {
    await clock.drive(write());
    taken += 1;
  }
  return taken;
}

describe('a rate', () => {
  it('gives what was not used lately, and then no more than it is', () => {
    const clock = new VirtualClock();
    const rate = new Rate(clock, 100, 2);
    expect(rate.take(200)).toBe(0);
    expect(rate.take(100)).toBe(1000);
    expect(rate.delayed).toBe(1);
  });
});

describe('one key of a table', () => {
  it('takes 1,000 write units a second, once the capacity is gone that its partition kept', async () => {
    const clock = new VirtualClock();
    const table = new Table(clock);
    const taken = await writeFor(clock, 30_000, () => table.write('hot', 1000));
    // What five minutes of it are, and those of the time.
    const kept = DYNAMODB.burstS * DYNAMODB.writesPerPartition;
    expect(taken * 1000).toBeGreaterThan(kept);
    expect(taken * 1000).toBeLessThanOrEqual(kept + 32 * DYNAMODB.writesPerPartition);
  });

  it('refuses what the SDK would have to wait for too long for', async () => {
    const clock = new VirtualClock();
    const table = new Table(clock);
    const writes = Array.from({ length: 40 }, () => table.write('hot', 10_000));
    const ends = await clock.drive(Promise.allSettled(writes));
    const refused = ends.filter((end) => end.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(ThrottledError);
  });
});

describe('a table', () => {
  it('begins with the partitions of 4,000 write units a second', () => {
    const table = new Table(new VirtualClock());
    expect(table.partitions * DYNAMODB.writesPerPartition).toBe(4000);
  });

  it('splits a partition that is hot, and has twice as many at most within half an hour', async () => {
    const clock = new VirtualClock();
    const table = new Table(clock);
    const write = (at: number) => table.write(`key ${at}`, 400).catch(() => {});
    for (let second = 0; second < 400; second += 1) {
      for (let call = 0; call < 20; call += 1) void write(call);
      await clock.advance(1000);
    }
    expect(table.partitions).toBeGreaterThan(4);
    expect(table.partitions).toBeLessThanOrEqual(8);
    expect(table.delayed.partitions).toBeGreaterThan(0);
  });

  it('writes no more than its quota', async () => {
    const clock = new VirtualClock();
    const table = new Table(clock);
    const calls = Array.from({ length: 400 }, (_, at) => table.write(`key ${at}`, 400));
    const beganMs = clock.now();
    await clock.drive(Promise.all(calls));
    const spentS = (clock.now() - beganMs) / 1000;
    // Those of one second it has in hand.
    expect(160_000 / (spentS + 1)).toBeLessThanOrEqual(DYNAMODB.writesPerTable);
  });
});

describe('a bucket', () => {
  it('takes 3,500 writes a second below one prefix', async () => {
    const clock = new VirtualClock();
    const bucket = new Bucket(clock);
    const beganMs = clock.now();
    await clock.drive(Promise.all(Array.from({ length: 7000 }, () => bucket.put())));
    const spentS = (clock.now() - beganMs) / 1000;
    expect(7000 / (spentS + 1)).toBeLessThanOrEqual(S3.putsPerPrefix);
    expect(bucket.delayed).toBe(3500);
  });
});
