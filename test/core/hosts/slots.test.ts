import { describe, expect, it } from 'vitest';
import { Slots } from '../../../core/hosts/slots.ts';
import { settled } from '../../virtual-clock.ts';

/** Asks for `count` slots; gives the places, in the order in which they were given out. */
function ask(slots: Slots, count: number, isProven = true): number[] {
  const given: number[] = [];
  for (let at = 0; at < count; at += 1) void slots.acquire(isProven).then(() => given.push(at));
  return given;
}

describe('the slots of a worker', () => {
  it('are given at once up to the limit, and not above', async () => {
    const slots = new Slots(3);
    const given = ask(slots, 5);
    await settled();
    expect(given).toEqual([0, 1, 2]);
    expect(slots.taken).toBe(3);
  });

  it('are given in the order in which they were asked for', async () => {
    const slots = new Slots(2);
    const given = ask(slots, 5);
    await settled();
    for (let released = 0; released < 3; released += 1) {
      slots.release();
      await settled();
    }
    expect(given).toEqual([0, 1, 2, 3, 4]);
    expect(slots.taken).toBe(2);
  });

  it('are handed over: whoever comes at the moment of a release is behind those that wait', async () => {
    const slots = new Slots(1);
    const given = ask(slots, 2);
    await settled();
    slots.release();
    expect(slots.taken).toBe(1);
    const late = ask(slots, 1);
    await settled();
    expect(given).toEqual([0, 1]);
    expect(late).toEqual([]);
    slots.release();
    await settled();
    expect(late).toEqual([0]);
  });

  it('are given to hosts that have answered before those that never have', async () => {
    const slots = new Slots(1);
    ask(slots, 1);
    const unproven = ask(slots, 1, false);
    const known = ask(slots, 1);
    await settled();
    slots.release();
    await settled();
    expect([known, unproven]).toEqual([[0], []]);
    slots.release();
    await settled();
    expect(unproven).toEqual([0]);
  });

  it('are free again when nobody waits', async () => {
    const slots = new Slots(2);
    ask(slots, 2);
    await settled();
    slots.release();
    slots.release();
    expect(slots.taken).toBe(0);
    expect(await Promise.all([slots.acquire(true), slots.acquire(false)])).toHaveLength(2);
    expect(slots.taken).toBe(2);
  });

  it('keep the order and the limit over a line of thousands', async () => {
    const slots = new Slots(1);
    const given = ask(slots, 5000);
    await settled();
    for (let released = 1; released < 5000; released += 1) slots.release();
    await settled();
    expect(given).toEqual(Array.from({ length: 5000 }, (_, at) => at));
    expect(slots.taken).toBe(1);
    slots.release();
    expect(slots.taken).toBe(0);
  });
});
