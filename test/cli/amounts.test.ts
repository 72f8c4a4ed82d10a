import { describe, expect, test } from 'vitest';
import { readBytes, readCount, readMs, readPixels } from '../../cli/options/amounts.ts';

describe('an amount is read as people write it', () => {
  test.each([
    ['5000000', 5_000_000],
    ['5MB', 5_000_000],
    ['5 mb', 5_000_000],
    ['5M', 5_000_000],
    ['1GiB', 1024 ** 3],
    ['1.5kB', 1500],
    ['1.001kB', 1001],
    ['0', 0],
  ])('%s are %d bytes', (text, bytes) => expect(readBytes(text)).toBe(bytes));

  test.each([
    ['500', 500],
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['2min', 120_000],
    ['1h', 3_600_000],
    ['30d', 2_592_000_000],
  ])('%s are %d milliseconds', (text, ms) => expect(readMs(text)).toBe(ms));

  test('250MP are 250 million pixels', () => expect(readPixels('250MP')).toBe(250_000_000));

  test.each(['', 'x', '-1', '1e3', '5XB', '5 MB s', '1.5', '0.5ms', '1.0001s', 'MB', '99999999TB'])(
    '"%s" is not an amount',
    (text) => {
      expect([readBytes(text), readMs(text)]).toEqual([undefined, undefined]);
    },
  );

  test('a count has no unit', () =>
    expect([readCount('7'), readCount('7s')]).toEqual([7, undefined]));
});
