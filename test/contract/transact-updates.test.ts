import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { transactUpdates } from '../../adapters/aws/transact-updates.ts';
import { VirtualClock } from '../virtual-clock.ts';

/** A client whose calls are cancelled with these codes, one after the other, and are answered then. */
function clientThat(codes: readonly string[]) {
  const left = [...codes];
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  let calls = 0;
  client.middlewareStack.add(
    () => async () => {
      calls += 1;
      const Code = left.shift();
      if (Code === undefined) return { output: { $metadata: {} }, response: {} };
      const reasons = [{ Code: 'None' }, { Code }];
      throw new TransactionCanceledException({
        message: 'cancelled',
        $metadata: {},
        CancellationReasons: reasons,
      });
    },
    { step: 'initialize', name: 'cancel' },
  );
  return { client, calls: () => calls };
}

const run = async (codes: readonly string[]) => {
  const clock = new VirtualClock();
  const { client, calls } = clientThat(codes);
  const job = transactUpdates(client, clock, []).catch((error: Error) => error.name);
  return { end: await clock.drive(job), calls: calls() };
};

describe('a transaction', () => {
  it('that meets another one, or is throttled, is tried again', async () => {
    const codes = ['TransactionConflict', 'ThrottlingError', 'TransactionConflict'];
    expect(await run(codes)).toEqual({ end: true, calls: 4 });
  });

  it('whose condition does not hold is over, and says so', async () => {
    expect(await run(['ConditionalCheckFailed'])).toEqual({ end: false, calls: 1 });
  });

  it('that meets others for too long is given up', async () => {
    const codes = Array.from({ length: 20 }, () => 'TransactionConflict');
    expect(await run(codes)).toEqual({ end: 'TransactionCanceledException', calls: 8 });
  });

  it('that is refused for another reason is not tried again', async () => {
    const end = { end: 'TransactionCanceledException', calls: 1 };
    expect(await run(['ValidationError'])).toEqual(end);
  });
});
