import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Most } from '../../../cli/report/most.ts';
import { RunFigures } from '../../../cli/report/run-figures.ts';
import { Spread } from '../../../cli/report/spread.ts';
import { Timeline } from '../../../cli/report/timeline.ts';
import { aResult } from '../records.ts';

describe('figures of a run', () => {
  const figures = new RunFigures();
  const image = { format: 'png', width: 30, height: 700, bytes: 1000, file: 'images/a.png' };
  figures.add(aResult({ ...image, url: 'http://a/1', sha256: 'aa' }));
  figures.add(aResult({ ...image, url: 'http://a/2', sha256: 'bb', bytes: 3000, attempts: 2 }));
  figures.add(aResult({ ...image, url: 'http://b:81/3', format: 'gif', finalUrl: 'http://c/' }));
  figures.add(aResult({ url: 'http://a/4', status: 'failed', reason: 'timeout', durationMs: 900 }));
  figures.add(
    aResult({ url: 'http://b:81/5', status: 'skipped', reason: 'cancelled', attempts: 0 }),
  );

  test('are told for each host, the busiest first', () => {
    expect(figures.hosts()).toEqual([
      {
        name: 'a',
        succeeded: 2,
        failed: 1,
        skipped: 0,
        bytes: 4000,
        reasons: { timeout: 1 },
      },
      {
        name: 'b:81',
        succeeded: 1,
        failed: 0,
        skipped: 1,
        bytes: 1000,
        reasons: { cancelled: 1 },
      },
    ]);
  });

  test('are told for each format and reason', () => {
    expect(figures.formats().map(({ name, succeeded }) => [name, succeeded])).toEqual([
      ['png', 2],
      ['gif', 1],
    ]);
    expect(figures.reasons().map(({ reason, count }) => [reason, count])).toEqual([
      ['timeout', 1],
      ['cancelled', 1],
    ]);
  });

  test('count second tries and redirects, and know the largest and the slowest', () => {
    expect(figures).toMatchObject({ retried: 1, redirected: 1 });
    expect(figures.largest.items()[0]?.url).toBe('http://a/2');
    expect(figures.slowest.items()[0]?.url).toBe('http://a/4');
  });

  test('have no time for what was never asked', () => {
    expect(figures.durationsMs.count).toBe(4);
    expect(figures.slowest.items()).toHaveLength(4);
  });

  test('keep ten samples of a reason, however many there are', () => {
    const many = new RunFigures();
    for (let n = 0; n < 500; n += 1) many.add(aResult({ status: 'failed', reason: 'timeout' }));
    expect(many.reasons()[0]?.count).toBe(500);
    expect(many.reasons()[0]?.samples).toHaveLength(10);
  });
});

test('the most of many are those that sorting all would give', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 5 }), (numbers, limit) => {
      const most = new Most<number>(limit, (number) => number);
      for (const number of numbers) most.offer(number);
      expect(most.items()).toEqual(numbers.toSorted((a, b) => b - a).slice(0, limit));
    }),
  );
});

test('a quantile is the true one to a tenth', () => {
  const values = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (numbers, share) => {
      const spread = new Spread();
      for (const number of numbers) spread.add(number);
      const sorted = numbers.toSorted((a, b) => a - b);
      const exact = sorted[Math.ceil(share * sorted.length - 1e-9) - 1] ?? 0;
      expect(spread.quantile(share)).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
      expect(spread.quantile(share)).toBeLessThanOrEqual(exact * 1.1);
    }),
  );
});

test('a spread counts between borders, and loses nothing', () => {
  const spread = new Spread();
  for (const value of [0, 1, 99, 5000, 5000, 10_000_000]) spread.add(value);
  expect(spread.between([100, 1_000_000])).toEqual([3, 2, 1]);
  expect(new Spread().quantile(0.5)).toBe(0);
});

test('a time line keeps every event in at most 120 columns', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 1 }), (times) => {
      const timeline = new Timeline();
      for (const time of times) timeline.add(time);
      const columns = timeline.columns();
      expect(columns.reduce((sum, count) => sum + count, 0)).toBe(times.length);
      expect(columns.length).toBeLessThanOrEqual(120);
    }),
  );
});
