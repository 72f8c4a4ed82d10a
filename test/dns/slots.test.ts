import { expect, it } from 'vitest';
import { Slots } from '../../adapters/dns/slots.ts';

it('work begins in order, never more at once than there are slots', async () => {
  const slots = new Slots(2);
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const begin = (at: number) =>
    slots.run(() => {
      begun.push(at);
      return new Promise<number>((resolve, reject) => {
        ends.push((error) => (error === undefined ? resolve(at) : reject(error)));
      });
    });
  const work = [0, 1, 2, 3].map(begin);
  expect(begun).toEqual([0, 1]);
  ends[1]?.(new Error('a failure frees its slot too'));
  await expect(work[1]).rejects.toThrow('frees its slot');
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  expect(await work[0]).toBe(0);
  expect(begun).toEqual([0, 1, 2, 3]);
  ends[2]?.();
  ends[3]?.();
  expect(await Promise.all([work[2], work[3]])).toEqual([2, 3]);
  void begin(4);
  void begin(5);
  void begin(6);
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
});
