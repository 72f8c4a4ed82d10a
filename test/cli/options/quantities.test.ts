import { expect, test } from 'vitest';
import { formatCount } from '../../../cli/options/quantities.ts';

test.each([0, 7, 999, 1000, 12_345, 123_456, 1_234_567, 1e15, -1234])(
  'counts %s as English does',
  (count) => {
    expect(formatCount(count)).toBe(count.toLocaleString('en-US'));
  },
);
