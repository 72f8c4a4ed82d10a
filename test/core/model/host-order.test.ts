import { describe, expect, it } from 'vitest';
import { type HostOrders, orderedDelayMs, orderOf } from '../../../core/model/host-order.ts';

const ORDERS: HostOrders = {
  'a.example': { kind: 'stop' },
  '*.example': { kind: 'slow', ratePerS: 2 },
  '*.b.example': { kind: 'slow', ratePerS: 1 },
  'c.b.example': { kind: 'slow', ratePerS: 0.1 },
};

describe('what is ordered of a host', () => {
  it.each([
    ['a.example', 'stop'],
    ['a.example:8080', undefined],
    ['x.a.example', 2],
    ['c.b.example', 0.1],
    ['d.b.example', 1],
    ['b.example', 2],
    ['example', undefined],
    ['a.test', undefined],
    ['__proto__', undefined],
  ])('%s: %s', (host, expected) => {
    const order = orderOf(ORDERS, host);
    expect(order?.kind === 'slow' ? order.ratePerS : order?.kind).toBe(expected);
  });

  it('is nothing where there are no orders', () => {
    expect(orderOf(undefined, 'a.example')).toBeUndefined();
  });

  it.each([
    [{ kind: 'slow', ratePerS: 0.1 }, 10_000],
    [{ kind: 'slow', ratePerS: 50 }, 20],
    [{ kind: 'stop' }, 0],
    [undefined, 0],
  ] as const)('%j is a delay of %i ms', (order, delayMs) => {
    expect(orderedDelayMs(order)).toBe(delayMs);
  });
});
