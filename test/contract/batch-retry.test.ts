import { describe, expect, it } from 'vitest';
import { untilTaken } from '../../adapters/aws/batch-retry.ts';
import { VirtualClock } from '../virtual-clock.ts';

describe('a batch of which AWS takes only a part', () => {
  it('is sent again until all is taken, and each part once', async () => {
    const clock = new VirtualClock();
    const sent: number[][] = [];
    const job = untilTaken([1, 2, 3, 4], clock, async (rest) => {
      sent.push([...rest]);
      return rest.slice(2);
    });
    await clock.drive(job);
    expect(sent).toEqual([
      [1, 2, 3, 4],
      [3, 4],
    ]);
  });

  it('is given up after about twelve seconds', async () => {
    const clock = new VirtualClock();
    const beganMs = clock.now();
    const job = untilTaken([1, 2], clock, async (rest) => rest);
    await expect(clock.drive(job)).rejects.toThrow('2 of 2 not taken by AWS');
    expect(clock.now() - beganMs).toBeGreaterThan(11_000);
    expect(clock.now() - beganMs).toBeLessThan(13_500);
  });

  it('is not sent when it is empty', async () => {
    const send = () => Promise.reject(new Error('not planned'));
    await expect(untilTaken([], new VirtualClock(), send)).resolves.toBeUndefined();
  });

  it('throws what the sending throws', async () => {
    const send = () => Promise.reject(new Error('access denied'));
    await expect(untilTaken([1], new VirtualClock(), send)).rejects.toThrow('access denied');
  });
});
