import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createSqs } from '../../adapters/aws/clients.ts';
import { SqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { LOCAL_IDENTITY } from '../../local/local-clients.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { aTask } from '../worker/records.ts';

const URL = 'http://127.0.0.1:9/queue';

/** A queue whose batch requests are answered with these failures, one list for each request. */
function failing(...answers: readonly (readonly BatchResultErrorEntry[] | Error)[]) {
  const sqs = createSqs({ ...LOCAL_IDENTITY, endpoint: 'http://127.0.0.1:9' });
  const clock = new VirtualClock();
  const left = [...answers];
  const entries: number[] = [];
  sqs.middlewareStack.add(
    () => async (args) => {
      entries.push('Entries' in args.input ? (args.input.Entries?.length ?? 0) : 0);
      const answer = left.shift();
      if (answer === undefined) throw new Error('the request was not planned');
      if (answer instanceof Error) throw answer;
      const output = { $metadata: {}, Successful: [], Failed: [...answer] };
      return { output, response: {} };
    },
    { step: 'initialize' },
  );
  const queue = new SqsTaskQueue({ sqs, clock, queueUrl: URL, deferredQueueUrl: URL });
  return { clock, queue, entries };
}

const EXPIRED = { Id: '1', SenderFault: true, Code: 'ReceiptHandleIsInvalid' };
const THROTTLED = { Id: '1', SenderFault: false, Code: 'RequestThrottled' };
const TASKS = [0, 1].map((at) => aTask(`t${at}`, ['https://a.example/']));

describe('a batch of which SQS does not take every entry', () => {
  it('rejects at once where a message cannot be removed by trying again', async () => {
    const { queue, entries } = failing([EXPIRED]);
    await expect(queue.remove(['a', 'b'])).rejects.toThrow('ReceiptHandleIsInvalid');
    expect(entries).toEqual([2]);
  });

  it('removes the rest again where SQS was at fault', async () => {
    const { clock, queue, entries } = failing([THROTTLED], []);
    await clock.drive(queue.remove(['a', 'b']));
    expect(entries).toEqual([2, 1]);
  });

  it('sends the rest of what is deferred again', async () => {
    const { clock, queue, entries } = failing([THROTTLED], []);
    await clock.drive(queue.defer(TASKS, 1000));
    expect(entries).toEqual([2, 1]);
  });

  it('tells which deliveries are held', async () => {
    const { queue } = failing([EXPIRED]);
    expect(await queue.extend(['a', 'b', 'c'], 1000)).toEqual(new Set(['a', 'c']));
  });

  it('rejects where the request to hold deliveries fails', async () => {
    const { queue } = failing(new Error('no answer'));
    await expect(queue.extend(['a'], 1000)).rejects.toThrow('no answer');
  });
});

it('a queue without one for deferred tasks says what it lacks', async () => {
  const sqs = createSqs({ ...LOCAL_IDENTITY, endpoint: 'http://127.0.0.1:9' });
  const queue = new SqsTaskQueue({ sqs, clock: new VirtualClock(), queueUrl: URL });
  await expect(queue.defer(TASKS, 1000)).rejects.toThrow('deferredQueueUrl');
});
