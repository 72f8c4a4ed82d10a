import { describe, expect, it } from 'vitest';
import { DynamoFaults } from '../../adapters/aws/dynamo-faults.ts';
import type { KeptFault } from '../../contract/kept-fault.ts';
import { FUNCTION_NAMES } from '../../contract/metrics.ts';
import { startDynamo } from './emulators.ts';
import { oneForEachTest } from './one-for-each-test.ts';

const BUG: KeptFault = {
  functionName: 'worker',
  message: 'Error: my bug with a.jpg',
  location: '/project/lambdas/worker/on-image.ts:3',
  isOfService: false,
  times: 1,
  lastMs: 1000,
};

describe('errors of our functions in DynamoDB', () => {
  const subject = oneForEachTest(async () => {
    const { dynamo, createTable, close } = await startDynamo();
    return { open: async () => new DynamoFaults(dynamo, await createTable()), close };
  });

  it('a run without errors has none', async () => {
    await expect(subject().list('run-1')).resolves.toEqual([]);
  });

  it('those of one place are counted together, and the latest message is told', async () => {
    await subject().add('run-1', BUG);
    await subject().add('run-1', {
      ...BUG,
      message: 'Error: my bug with b.jpg',
      times: 4,
      lastMs: 2000,
    });
    await expect(subject().list('run-1')).resolves.toEqual([
      { ...BUG, message: 'Error: my bug with b.jpg', times: 5, lastMs: 2000 },
    ]);
  });

  it('others are told apart, the latest first', async () => {
    const elsewhere = { ...BUG, location: '/project/lambdas/worker/on-image.ts:9', lastMs: 3000 };
    const placeless: KeptFault = { ...BUG, functionName: 'seeder', location: undefined };
    await subject().add('run-1', BUG);
    await subject().add('run-1', elsewhere);
    await subject().add('run-1', { ...placeless, lastMs: 2000 });
    await subject().add('run-2', BUG);
    const listed = await subject().list('run-1');
    expect(listed.map(({ lastMs }) => lastMs)).toEqual([3000, 2000, 1000]);
  });

  it('those of every function are told', async () => {
    for (const functionName of FUNCTION_NAMES)
      await subject().add('run-1', { ...BUG, functionName });
    const listed = await subject().list('run-1');
    expect(listed.map(({ functionName }) => functionName).sort()).toEqual(
      [...FUNCTION_NAMES].sort(),
    );
  });
});
