import { expect, it } from 'vitest';
import { growth, look, tenthsOf } from '../../bench/process-sample.ts';

it('a tenth has the most of each figure', () => {
  const samples = Array.from({ length: 25 }, (_, at) => ({ mb: at, timers: 50 - at }));
  const tenths = tenthsOf(samples);
  expect(tenths).toHaveLength(10);
  expect(tenths[0]).toEqual({ mb: 1, timers: 50 });
  expect(tenths[9]).toEqual({ mb: 24, timers: 28 });
});

it('growth is from the third tenth to the last', () => {
  const tenths = [900, 500, 200, 210, 220, 230, 240, 250, 260, 230].map((mb) => ({ mb }));
  expect(growth(tenths)).toBeCloseTo(1.15, 10);
  expect(growth(tenths.slice(1))).toBeNaN();
});

it.runIf(process.platform === 'linux')('a process that runs can be looked at', async () => {
  const seen = await look(process.pid);
  expect(seen?.mb).toBeGreaterThan(10);
  expect(seen?.handles).toBeGreaterThan(seen?.sockets ?? 0);
  expect(await look(2 ** 22 + 1)).toBeUndefined();
});
