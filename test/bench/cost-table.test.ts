import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { costTable, KEPT, TOLD, usageOf } from '../../bench/cost-table.ts';
import { PRICES, PRICES_OF } from '../../contract/prices.ts';

const COUNTED = {
  'sqs SendMessageBatch': 2,
  'sqs ReceiveMessage': 3,
  'sqs CreateQueue': 2,
  'units written': 1010,
  'units read': 1020,
  'units invocations': 4,
  'units GB-seconds': 40,
  's3 PUT bucket': 2,
  's3 PUT': 60,
  's3 POST': 40,
  'bytes of logs': 1_000_000,
  'bytes of images': 26_000_000,
};

it('a million images use what a run used, times as many', () => {
  expect(usageOf(COUNTED, 1000)).toMatchObject({
    queueRequests: 5000,
    tableWriteUnits: 1_010_000,
    tableReadUnits: 1_020_000,
    objectWrites: 100_000,
    logGb: 1,
    objectGbMonths: 26,
    functionInvocations: 4000,
    functionGbSeconds: 40_000,
  });
});

it('the table says what each part costs, functions by the time they took, and all of it', () => {
  const lines = costTable(COUNTED, 1000).split('\n');
  expect(lines).toContain('| S3 PUT requests | 100,000 | 0.50 |');
  expect(lines).toContain('| DynamoDB write units | 1,010,000 | 0.63 |');
  expect(lines).toContain('| Lambda GB-seconds | 40,000 | 0.53 |');
  expect(lines.at(-2)).toBe('| **all** |  | **2.30** |');
  expect(lines.at(-1)).toBe('| kept for a month, GB in S3 | 26 | 0.60 |');
});

it('each row of docs/deploy.md is priced as is in force here', () => {
  const page = readFileSync('docs/deploy.md', 'utf8');
  expect(page).toContain(`with prices of ${PRICES_OF}:`);
  const rows = [...page.matchAll(/^\| ([^|*]+) \| ([\d.,]+) \| ([\d.]+) \|$/gm)].map(
    ([, name = '', amount = '', dollars = '']) => ({ name, amount, dollars }),
  );
  for (const [key, name] of [...TOLD, KEPT]) {
    // A name may be followed by what the row is about.
    const ofName = rows.filter((row) => row.name.startsWith(name));
    expect([name, ofName.length > 0]).toEqual([name, true]);
    for (const { amount, dollars } of ofName) {
      const cost = Number(amount.replaceAll(',', '')) * PRICES[key];
      expect([name, dollars]).toEqual([name, cost.toFixed(2)]);
    }
  }
});
