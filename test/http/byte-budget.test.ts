import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../adapters/http/byte-budget.ts';

describe('a budget of bytes', () => {
  it('lets all go on while there is room', () => {
    const budget = new ByteBudget(100);
    expect(budget.open(() => {}).take(60)).toBe(true);
    expect(budget.open(() => {}).take(40)).toBe(true);
    expect(budget.used).toBe(100);
  });

  it('makes the younger wait, never the oldest', () => {
    const budget = new ByteBudget(100);
    const [old, young] = [budget.open(() => {}), budget.open(() => {})];
    expect(young.take(90)).toBe(true);
    expect(old.take(90)).toBe(true);
    expect(young.take(1)).toBe(false);
    expect(old.take(1000)).toBe(true);
  });

  it('calls who waits when there is room again', () => {
    const budget = new ByteBudget(100);
    const called: string[] = [];
    const old = budget.open(() => called.push('old'));
    const young = budget.open(() => called.push('young'));
    old.take(100);
    expect(young.take(50)).toBe(false);
    old.complete();
    expect(called).toEqual(['young']); // it is the oldest that still receives
    old.release();
    expect(budget.used).toBe(50);
    expect(called).toEqual(['young']);
  });

  it('gives nothing back twice', () => {
    const budget = new ByteBudget(100);
    const hold = budget.open(() => {});
    hold.take(30);
    hold.release();
    hold.release();
    expect(budget.used).toBe(0);
  });

  it('ends for everyone, whatever comes in which order', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(pieces, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (bodies, dice) => {
          const budget = new ByteBudget(100);
          const waiting = new Set<number>();
          const left = bodies.map((body) => [...body]);
          const holds = bodies.map((_, at) => budget.open(() => waiting.delete(at)));
          for (;;) {
            const able = left.flatMap((body, at) =>
              body.length > 0 && !waiting.has(at) ? [at] : [],
            );
            if (able.length === 0) break;
            const at = able[dice.next().value % able.length] ?? 0;
            const bytes = left[at]?.shift() ?? 0;
            if (holds[at]?.take(bytes) === false) waiting.add(at);
            if (left[at]?.length === 0) {
              waiting.delete(at);
              holds[at]?.complete();
              holds[at]?.release();
            }
          }
          expect(left.flat()).toEqual([]);
          expect(budget.used).toBe(0);
        },
      ),
    );
  });
});
