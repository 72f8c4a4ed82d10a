import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  deadLetterEnvironment,
  deferralEnvironment,
  finisherEnvironment,
  parseEnvironment,
  seederEnvironment,
  workerEnvironment,
} from '../../contract/environment.ts';
import { stackOutputs } from '../../contract/stack-outputs.ts';
import { FUNCTIONS, synthesised } from './synthesised.ts';

const SHARDS = { 'images.test': 4 };
const stack = synthesised({
  crawler: {
    workerMemoryMb: 1769,
    workerTimeoutS: 240,
    logRetentionDays: 14,
    groups: 512,
    hostShards: SHARDS,
    windowSize: 700,
    allowPrivateAddresses: true,
    debugSampleRate: 0.25,
  },
});

const traced = synthesised({ crawler: { tracing: true } });

const environment = z.object({ Variables: z.record(z.string(), z.unknown()) });
const logging = z.object({ LogGroup: z.object({ Ref: z.string() }) });

/** What Lambda sets by itself. */
const SET_BY_LAMBDA = {
  AWS_LAMBDA_FUNCTION_NAME: 'seeder',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
};

/** The variables as a function finds them; a reference to a queue is a URL by then. */
function variablesOf(prefix: string): Record<string, string> {
  const given = stack.find('AWS::Lambda::Function', prefix).Properties['Environment'];
  const variables = Object.entries(environment.parse(given).Variables).map(([name, value]) => {
    const isReference = typeof value === 'object' && value !== null && 'Ref' in value;
    return [name, isReference ? `https://${value.Ref}.test/` : String(value)];
  });
  return Object.fromEntries(variables);
}

describe.each(Object.entries(FUNCTIONS))('the %s function', (_, prefix) => {
  const { Properties } = stack.find('AWS::Lambda::Function', prefix);

  it('runs on Node 24 and arm64, and may invoke itself', () => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      RecursiveLoop: 'Allow',
      Handler: 'index.handler',
    });
  });

  it('names the lines of its sources in its stack traces', () => {
    expect(variablesOf(prefix)['NODE_OPTIONS']).toBe('--enable-source-maps');
  });

  it('is traced where that is asked for, and may then send traces', () => {
    const { Properties: given } = traced.find('AWS::Lambda::Function', prefix);
    expect(given).toMatchObject({ TracingConfig: { Mode: 'Active' } });
    expect(Properties).not.toHaveProperty('TracingConfig');
    const roleId = prefix.replace('Function', 'Role');
    const policies = traced.all('AWS::IAM::Policy').filter(([id]) => id.startsWith(roleId));
    expect(JSON.stringify(policies)).toContain('xray:PutTraceSegments');
  });

  it('logs into a group of its own, for as many days as are set', () => {
    const { LogGroup } = logging.parse(Properties['LoggingConfig']);
    const others = stack.all('AWS::Lambda::Function').filter(([id]) => !id.startsWith(prefix));
    const theirs = others.map(([, one]) => logging.parse(one.Properties['LoggingConfig']).LogGroup);
    expect(theirs).not.toContainEqual(LogGroup);
    expect(stack.resources[LogGroup.Ref]).toMatchObject({
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: 14 },
      DeletionPolicy: 'Delete',
    });
  });
});

describe('time limit and memory', () => {
  it.each([
    ['seeder', 900, 1769],
    ['worker', 240, 1769],
    ['deferral', 30, 256],
    ['dead-letter', 60, 512],
    ['finisher', 900, 1769],
  ] as const)('of the %s function are %i s and %i MB', (folder, Timeout, MemorySize) => {
    const { Properties } = stack.find('AWS::Lambda::Function', FUNCTIONS[folder]);
    expect(Properties).toMatchObject({ Timeout, MemorySize });
  });
});

describe('the environment', () => {
  it('of the worker is what its schema asks for', () => {
    const read = parseEnvironment(workerEnvironment, {
      ...variablesOf(FUNCTIONS.worker),
      ...SET_BY_LAMBDA,
    });
    expect(read).toMatchObject({ ALLOW_PRIVATE_ADDRESSES: true, STORAGE: 's3' });
  });

  it('of the seeder is what its schema asks for', () => {
    const variables = { ...variablesOf(FUNCTIONS.seeder), ...SET_BY_LAMBDA };
    expect(parseEnvironment(seederEnvironment, variables)).toMatchObject({
      HOST_GROUPS: 512,
      HOST_SHARDS: SHARDS,
      WINDOW_SIZE: 700,
      STORAGE: 's3',
    });
  });

  it('of the dead-letter function is what its schema asks for', () => {
    const variables = { ...variablesOf(FUNCTIONS['dead-letter']), ...SET_BY_LAMBDA };
    expect(() => parseEnvironment(deadLetterEnvironment, variables)).not.toThrow();
  });

  it('of the finisher is what its schema asks for', () => {
    const variables = { ...variablesOf(FUNCTIONS.finisher), ...SET_BY_LAMBDA };
    expect(() => parseEnvironment(finisherEnvironment, variables)).not.toThrow();
  });

  it('of the deferral function is what its schema asks for', () => {
    const variables = { ...variablesOf(FUNCTIONS.deferral), ...SET_BY_LAMBDA };
    expect(() => parseEnvironment(deferralEnvironment, variables)).not.toThrow();
  });

  it.each([
    ['worker', workerEnvironment],
    ['seeder', seederEnvironment],
    ['deferral', deferralEnvironment],
    ['dead-letter', deadLetterEnvironment],
    ['finisher', finisherEnvironment],
  ] as const)('of the %s function has no variable that nobody reads', (folder, schema) => {
    const {
      NODE_OPTIONS: _,
      MALLOC_TRIM_THRESHOLD_: __,
      ...variables
    } = variablesOf(FUNCTIONS[folder]);
    expect(Object.keys(schema.shape)).toEqual(expect.arrayContaining(Object.keys(variables)));
  });

  it('of each function tells how it is watched', () => {
    for (const prefix of Object.values(FUNCTIONS)) {
      expect(variablesOf(prefix)).toMatchObject({
        STACK_NAME: 'ImageCrawler',
        DEBUG_SAMPLE_RATE: '0.25',
      });
    }
  });

  it('points every function that has tasks at their queue, not at the dead', () => {
    const { finisher: _, ...all } = FUNCTIONS;
    const urls = Object.values(all).map((prefix) => variablesOf(prefix)['TASK_QUEUE_URL']);
    expect(new Set(urls).size).toBe(1);
    expect(urls[0]).toContain('TaskQueueTasks');
  });

  it('points the worker at the queue for deferred tasks', () => {
    const url = variablesOf(FUNCTIONS.worker)['DEFERRED_QUEUE_URL'];
    expect(url).toMatch(/^https:\/\/DeferredQueueTasks[0-9A-F]{8}\./);
  });
});

describe('the outputs of the stack', () => {
  it('are all that a command reads, and nothing else', () => {
    expect(stack.outputs.toSorted()).toEqual(Object.keys(stackOutputs.shape).toSorted());
  });
});
