import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { costTable, TOLD, usageOf } from '../../bench/cost-table.ts';
import { PRICES, PRICES_OF } from '../../contract/prices.ts';

const COUNTED = {
  ...{ 'sqs SendMessageBatch': 2, 'sqs ReceiveMessage': 3, 'sqs CreateQueue': 2 },
  ...{ 'units written': 1010, 'units read': 1020, 'units invocations': 4, 's3 PUT': 2 },
};

it('a million images use what a run used, times as many, and a PUT each', () => {
  expect(usageOf(COUNTED, 1000)).toMatchObject({
    ...{ queueRequests: 5000, tableWriteUnits: 1_010_000, tableReadUnits: 1_020_000 },
    ...{ objectWrites: 1_000_000, functionInvocations: 4000 },
  });
});

it('the table says what each part costs, and all of it at two speeds', () => {
  const lines = costTable(COUNTED, 1000).split('\n');
  expect(lines).toContain('| S3 PUT requests | 1,000,000 | 5.00 |');
  expect(lines).toContain('| DynamoDB write units | 1,010,000 | 0.63 |');
  expect(lines).toContain('| Lambda GB-seconds at 25 images/s a worker | 40,000 | 0.53 |');
  expect(lines.at(-1)).toMatch(/^\| \*\*all, at 100 images\/s\*\* \| {2}\| \*\*5\.9\d\*\* \|$/);
});

it('docs/deploy.md has such a table, of the prices that are in force here', () => {
  const page = readFileSync('docs/deploy.md', 'utf8');
  expect(page).toContain(`with prices of ${PRICES_OF}:`);
  const rows = new Map(
    [...page.matchAll(/^\| ([^|*]+) \| ([\d.,]+) \| ([\d.]+) \|$/gm)].map(
      ([, name = '', amount = '', dollars = '']) => [name, { amount, dollars }],
    ),
  );
  for (const [key, name] of TOLD) {
    const { amount = '', dollars = '' } = rows.get(name) ?? {};
    const cost = Number(amount.replaceAll(',', '')) * PRICES[key];
    expect([name, dollars]).toEqual([name, cost.toFixed(2)]);
  }
});
