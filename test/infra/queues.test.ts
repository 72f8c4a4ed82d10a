import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FUNCTIONS, synthesised } from './synthesised.ts';

const stack = synthesised({ crawler: { batchSize: 7, workerConcurrency: 33, maxReceiveCount: 6 } });
const TASKS = stack.find('AWS::SQS::Queue', 'TaskQueueTasks');
const DEAD_LETTERS = stack.find('AWS::SQS::Queue', 'TaskQueueDeadLetters');
const DEFERRED = stack.find('AWS::SQS::Queue', 'DeferredQueueTasks');
const DEAD_DEFERRED = stack.find('AWS::SQS::Queue', 'DeferredQueueDeferredDeadLetters');
const idOf = (type: string, prefix: string) =>
  stack.all(type).find(([id]) => id.startsWith(prefix))?.[0];
const arnOf = (type: string, prefix: string) => ({ 'Fn::GetAtt': [idOf(type, prefix), 'Arn'] });
const DEAD_LETTERS_ARN = arnOf('AWS::SQS::Queue', 'TaskQueueDeadLetters');
const secondsOf = (value: unknown): number => z.number().parse(value);

describe.each([
  ['task queue', TASKS],
  ['dead-letter queue', DEAD_LETTERS],
])('the %s', (_, { Properties }) => {
  it('hands out each host group in order, with a throughput and a deduplication of its own', () => {
    expect(Properties).toMatchObject({
      FifoQueue: true,
      FifoThroughputLimit: 'perMessageGroupId',
      DeduplicationScope: 'messageGroup',
    });
  });
});

describe('the queue of deferred tasks', () => {
  it('is a standard queue: a FIFO queue has no delay for a single message', () => {
    for (const { Properties } of [DEFERRED, DEAD_DEFERRED]) {
      expect(Properties).not.toHaveProperty('FifoQueue');
      expect(Properties).not.toHaveProperty('DelaySeconds');
    }
  });

  it('gives up what fails again and again to a dead-letter queue of its own kind', () => {
    expect(DEFERRED.Properties['RedrivePolicy']).toEqual({
      deadLetterTargetArn: arnOf('AWS::SQS::Queue', 'DeferredQueueDeferredDeadLetters'),
      maxReceiveCount: 10,
    });
    expect(DEAD_DEFERRED.Properties).not.toHaveProperty('RedrivePolicy');
  });
});

describe.each([
  ['task queue', TASKS],
  ['dead-letter queue', DEAD_LETTERS],
  ['queue of deferred tasks', DEFERRED],
  ['dead-letter queue of deferred tasks', DEAD_DEFERRED],
])('the %s', (_, { Properties }) => {
  it('is encrypted at rest', () => {
    expect(Properties['SqsManagedSseEnabled']).toBe(true);
  });

  it('keeps a message for as long as SQS can', () => {
    expect(Properties['MessageRetentionPeriod']).toBe(14 * 24 * 3600);
  });
});

describe('a task that fails', () => {
  it('goes to the dead-letter queue after the deliveries that are set', () => {
    expect(TASKS.Properties['RedrivePolicy']).toEqual({
      deadLetterTargetArn: DEAD_LETTERS_ARN,
      maxReceiveCount: 6,
    });
  });

  it('dies no second death: the dead-letter queue has no other behind it', () => {
    expect(DEAD_LETTERS.Properties).not.toHaveProperty('RedrivePolicy');
  });
});

describe('the visibility time is six times what its function may take', () => {
  it.each([150, 180, 900])('with a worker limit of %i s', (workerTimeoutS) => {
    const { find } = synthesised({ crawler: { workerTimeoutS } });
    const limit = find('AWS::Lambda::Function', FUNCTIONS.worker).Properties['Timeout'];
    expect(limit).toBe(workerTimeoutS);
    const visibility = find('AWS::SQS::Queue', 'TaskQueueTasks').Properties['VisibilityTimeout'];
    expect(visibility).toBeGreaterThanOrEqual(6 * workerTimeoutS);
    expect(visibility).toBeLessThanOrEqual(12 * 3600);
  });

  it.each([
    ['dead-letter', DEAD_LETTERS],
    ['dead-letter', DEAD_DEFERRED],
    ['deferral', DEFERRED],
  ] as const)('for the %s function', (folder, { Properties }) => {
    const { Timeout } = stack.find('AWS::Lambda::Function', FUNCTIONS[folder]).Properties;
    const least = 6 * secondsOf(Timeout);
    expect(Properties['VisibilityTimeout']).toBeGreaterThanOrEqual(least);
  });
});

describe('what feeds a function', () => {
  const sources = stack.all('AWS::Lambda::EventSourceMapping').map(([, one]) => one.Properties);
  const feedOf = (queue: string, functionPrefix: string) => {
    const EventSourceArn = arnOf('AWS::SQS::Queue', queue);
    const FunctionName = { Ref: idOf('AWS::Lambda::Function', functionPrefix) };
    return { EventSourceArn, FunctionName, FunctionResponseTypes: ['ReportBatchItemFailures'] };
  };

  it('is a queue, in the set batches and numbers, at once, with partial failures', () => {
    // Exact, so that no batching window (not allowed on FIFO) and no filter can slip in.
    expect(sources).toEqual([
      {
        ...feedOf('TaskQueueTasks', FUNCTIONS.worker),
        BatchSize: 7,
        ScalingConfig: { MaximumConcurrency: 33 },
      },
      {
        ...feedOf('DeferredQueueTasks', FUNCTIONS.deferral),
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: 5 },
      },
      {
        ...feedOf('TaskQueueDeadLetters', FUNCTIONS['dead-letter']),
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
      {
        ...feedOf('DeferredQueueDeferredDeadLetters', FUNCTIONS['dead-letter']),
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    ]);
  });
});
