import { describe, expect, it } from 'vitest';
import { defaultMaxSockets } from '../../adapters/http/descriptor-limit.ts';
import { SocketBudget } from '../../adapters/http/socket-budget.ts';

/** Connections that are closed only when the test says so. */
function connections(closed: string[], ...names: readonly string[]) {
  return names.map((name) => ({ close: () => void closed.push(name) }));
}

function taken(budget: SocketBudget, sockets: number): void {
  for (let at = 0; at < sockets; at += 1) budget.take(() => {});
}

describe('a budget of sockets', () => {
  it('lets requests wait in order of arrival where none is idle', () => {
    const budget = new SocketBudget(2);
    taken(budget, 2);
    const begun: string[] = [];
    expect(budget.take(() => void begun.push('first'))).toBe(false);
    expect(budget.take(() => void begun.push('second'))).toBe(false);
    budget.free();
    expect(begun).toEqual(['first']);
    budget.free();
    expect(begun).toEqual(['first', 'second']);
    expect(budget.open).toBe(2);
  });

  it('closes the idle connection that was used least recently, and waits until it is closed', () => {
    const budget = new SocketBudget(3);
    const closed: string[] = [];
    const [a, b, c] = connections(closed, 'a', 'b', 'c');
    if (a === undefined || b === undefined || c === undefined) throw new Error('expected three');
    taken(budget, 3);
    for (const connection of [a, b, c, a]) {
      budget.use(connection);
      budget.keep(connection);
    }
    let isBegun = false;
    budget.take(() => {
      isBegun = true;
    });
    expect(closed).toEqual(['b']);
    expect(isBegun).toBe(false);
    budget.free(b);
    expect(isBegun).toBe(true);
    expect(budget.open).toBe(3);
  });

  it('closes a connection as soon as it is idle while another waits', () => {
    const budget = new SocketBudget(1);
    const closed: string[] = [];
    const [a] = connections(closed, 'a');
    if (a === undefined) throw new Error('expected one');
    taken(budget, 2);
    budget.keep(a);
    expect(closed).toEqual(['a']);
    expect(budget.idle).toBe(0);
  });

  it('closes idle connections before the limit is reached', () => {
    const budget = new SocketBudget(32);
    const closed: string[] = [];
    const idle = connections(closed, ...Array.from({ length: 32 }, (_, at) => `${at}`));
    taken(budget, 32);
    for (const connection of idle) budget.keep(connection);
    expect(closed).toEqual(['0', '1']);
  });
});

describe('the default number of sockets', () => {
  it.each([
    ['on Lambda', 1024, 768],
    ['with plenty of descriptors', 1_000_000, 768],
    ['with few', 512, 256],
    ['with hardly any', 256, 64],
  ])('%s leaves descriptors for everything else', (_, limit, expected) => {
    expect(defaultMaxSockets(limit)).toBe(expected);
  });

  it('follows from the limit of this process', () => {
    expect(defaultMaxSockets()).toBeGreaterThan(0);
    expect(defaultMaxSockets()).toBeLessThanOrEqual(768);
  });
});
