import { describe, expect, it } from 'vitest';
import { costOf, NO_USAGE, PRICES, PRICES_OF, USAGES } from '../../contract/prices.ts';

describe('what a usage costs', () => {
  it('is nothing for nothing', () => {
    expect(costOf({})).toBe(0);
    expect(costOf(NO_USAGE)).toBe(0);
  });

  it.each([
    ['queueRequests', 1_000_000, 0.5],
    ['tableWriteUnits', 1_000_000, 0.625],
    ['tableReadUnits', 1_000_000, 0.125],
    ['objectWrites', 1000, 0.005],
    ['objectReads', 1000, 0.0004],
    ['functionInvocations', 1_000_000, 0.2],
    ['functionGbSeconds', 75_000, 1.000005],
    ['objectGbMonths', 26, 0.598],
    ['logGb', 2, 1],
  ] as const)('is the list price: %s, %i of them for $%d', (name, amount, dollars) => {
    expect(costOf({ [name]: amount })).toBeCloseTo(dollars, 6);
  });

  it('is the sum of its parts', () => {
    const usage = { objectWrites: 1_000_000, tableWriteUnits: 2_000_000, functionGbSeconds: 1000 };
    expect(costOf(usage)).toBeCloseTo(5 + 1.25 + 0.0133334, 6);
  });
});

describe('the table of prices', () => {
  it('has a price for each usage, and a date', () => {
    expect(USAGES.toSorted()).toEqual(Object.keys(NO_USAGE).toSorted());
    expect(Object.values(PRICES).filter((price) => price <= 0)).toEqual([]);
    expect(PRICES_OF).toMatch(/^20\d\d-\d\d$/);
  });
});
