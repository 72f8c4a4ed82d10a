import { expect, test } from 'vitest';
import { TableErrors } from '../../../cli/watch/table-errors.ts';
import type { KeptFault } from '../../../contract/kept-fault.ts';

const BUG: KeptFault = {
  functionName: 'worker',
  message: `Error: ${'x'.repeat(400)}`,
  location: 'on-image.ts:3',
  isOfService: false,
  times: 7,
  lastMs: Date.UTC(2026, 10, 28, 7, 18, 1),
};

test('errors of a deployed stack are read every five seconds, and shown with their places', async () => {
  let [nowMs, asked] = [0, 0];
  const errors = new TableErrors('run-1', () => nowMs);
  const archive = {
    faults: async () => {
      asked += 1;
      return [BUG];
    },
  };
  await errors.read(archive);
  nowMs = 4999;
  await errors.read(archive);
  expect(asked).toBe(1);
  nowMs = 5000;
  await errors.read(archive);
  expect(asked).toBe(2);
  const [row] = errors.rows(9);
  expect(row).toMatchObject({ where: 'on-image.ts:3', source: 'worker', count: '7' });
  expect(row?.lastAt).toBe('07:18:01');
  expect(row?.message.length).toBeLessThanOrEqual(301);
  expect(errors.rows(0)).toEqual([]);
});
