import { describe, expect, it } from 'vitest';
import {
  deadLetterEnvironment,
  parseEnvironment,
  seederEnvironment,
  workerEnvironment,
} from '../../contract/environment.ts';
import { RUN_DEFAULTS } from '../../contract/run-defaults.ts';

const SHARED = {
  TASK_QUEUE_URL: 'http://queue.test/1/tasks.fifo',
  TABLE_NAME: 'table',
  STACK_NAME: 'Crawler',
  DEBUG_SAMPLE_RATE: '0.05',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  RESULT_RETENTION_DAYS: '30',
};
const PARSED = {
  ...SHARED,
  DEBUG_SAMPLE_RATE: 0.05,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: 512,
  RESULT_RETENTION_DAYS: 30,
};
const GROUPING = { HOST_GROUPS: '4096', HOST_SHARDS: '{"a.test":4}' };
const WORKER = {
  ...SHARED,
  BUCKET_NAME: 'bucket',
  ALLOW_PRIVATE_ADDRESSES: 'false',
  ALLOWED_HOSTS: '[]',
  DENIED_HOSTS: '["a.test"]',
  MAX_BODY_BYTES: '1000',
  PROXIES: '{"http":"http://p.test:1"}',
  DEFERRED_QUEUE_URL: 'http://queue.test/1/deferred',
  MAX_IN_FLIGHT: '256',
  IMAGE_RETENTION_DAYS: '0',
  LEASE_S: '60',
  IMAGE_STORAGE: 'shards',
};
const SEEDER = {
  ...SHARED,
  ...GROUPING,
  BUCKET_NAME: 'bucket',
  WINDOW_SIZE: '1000',
  AWS_LAMBDA_FUNCTION_NAME: 'seeder',
  RUN_DEFAULTS: JSON.stringify(RUN_DEFAULTS),
  LIST_FIELD: 'url',
  MAX_LIST_BYTES: '5000',
  LIST_KEEP: '["TEXT"]',
  LIST_HASH_FIELD: '',
  FINISHER_FUNCTION_NAME: 'finisher',
};

const BAD_SHARDS = [
  '',
  'a.test=4',
  '[4]',
  '{"a.test":0}',
  '{"a.test":"4"}',
  '{"a.test":101}',
  'null',
];
const BAD_COUNTS = ['', '0', '-1', '1.5', 'many', 'NaN', 'Infinity'];

describe('the environment of a function', () => {
  it('is typed where it is read', () => {
    expect(parseEnvironment(workerEnvironment, WORKER)).toEqual({
      ...WORKER,
      ...PARSED,
      ALLOW_PRIVATE_ADDRESSES: false,
      STORAGE: 's3',
      ALLOWED_HOSTS: [],
      DENIED_HOSTS: ['a.test'],
      MAX_BODY_BYTES: 1000,
      PROXIES: { http: 'http://p.test:1' },
      BOT_FORM: 'dictionary',
      MAX_IN_FLIGHT: 256,
      IMAGE_RETENTION_DAYS: 0,
      LEASE_S: 60,
    });
    expect(parseEnvironment(seederEnvironment, SEEDER)).toEqual({
      ...SEEDER,
      ...PARSED,
      HOST_GROUPS: 4096,
      HOST_SHARDS: { 'a.test': 4 },
      WINDOW_SIZE: 1000,
      STORAGE: 's3',
      MAX_LIST_BYTES: 5000,
      RUN_DEFAULTS: RUN_DEFAULTS,
      LIST_KEEP: ['TEXT'],
      LIST_HASH_FIELD: undefined,
    });
    expect(parseEnvironment(deadLetterEnvironment, SHARED)).toEqual(PARSED);
  });

  it('leaves out what belongs to others', () => {
    expect(parseEnvironment(deadLetterEnvironment, { ...SHARED, PATH: '/bin' })).toEqual(PARSED);
  });

  it('allows private addresses only by that very word', () => {
    const parse = (text: string) =>
      parseEnvironment(workerEnvironment, { ...WORKER, ALLOW_PRIVATE_ADDRESSES: text });
    expect(parse('true').ALLOW_PRIVATE_ADDRESSES).toBe(true);
    for (const text of ['', '1', 'yes', 'TRUE']) {
      expect(() => parse(text)).toThrow('ALLOW_PRIVATE_ADDRESSES');
    }
  });
});

describe('a bad environment', () => {
  it('is told with all its problems at once', () => {
    const bad = {
      ...SEEDER,
      TASK_QUEUE_URL: 'queue',
      TABLE_NAME: undefined,
      HOST_GROUPS: '0',
      HOST_SHARDS: '{',
    };
    const parse = () => parseEnvironment(seederEnvironment, bad);
    for (const name of ['TASK_QUEUE_URL', 'TABLE_NAME', 'HOST_GROUPS', 'HOST_SHARDS']) {
      expect(parse).toThrow(name);
    }
  });

  it('says what was expected and what came', () => {
    const bad = { ...SEEDER, HOST_SHARDS: 'a.test=4', BUCKET_NAME: undefined };
    const parse = () => parseEnvironment(seederEnvironment, bad);
    expect(parse).toThrow('expected JSON, received a.test=4');
    expect(parse).toThrow('expected string, received undefined');
  });

  it.each(BAD_SHARDS)('has shards that are no numbers from 1 to 100 by host: %j', (HOST_SHARDS) => {
    expect(() => parseEnvironment(seederEnvironment, { ...SEEDER, HOST_SHARDS })).toThrow(
      'HOST_SHARDS',
    );
  });

  it.each(['', 'a.test', '{}', '[1]', '[""]'])('has hosts that are no names: %j', (text) => {
    for (const name of ['ALLOWED_HOSTS', 'DENIED_HOSTS']) {
      expect(() => parseEnvironment(workerEnvironment, { ...WORKER, [name]: text })).toThrow(name);
    }
  });

  it.each(['', '{}', '{"attempts":0}'])('has invalid settings of runs: %j', (text) => {
    const bad = { ...SEEDER, RUN_DEFAULTS: text };
    expect(() => parseEnvironment(seederEnvironment, bad)).toThrow('RUN_DEFAULTS');
  });

  it.each(BAD_COUNTS)('has an invalid count: %j', (HOST_GROUPS) => {
    expect(() => parseEnvironment(seederEnvironment, { ...SEEDER, HOST_GROUPS })).toThrow(
      'HOST_GROUPS',
    );
  });
});
