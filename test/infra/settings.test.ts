import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { RUN_DEFAULTS } from '../../contract/run-defaults.ts';
import { readSettings, SettingsError } from '../../infra/settings.ts';
import { PROJECT } from '../../local/project.ts';
import { freshFolder } from '../fresh-folder.ts';
import { synthesised } from './synthesised.ts';

const settingsOf = (context: Readonly<Record<string, unknown>>) =>
  readSettings(new App({ context }).node);

function problemsOf(context: Readonly<Record<string, unknown>>): string {
  try {
    settingsOf(context);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
  }
  throw new Error('expected a SettingsError');
}

/** docs/settings.md is held equal to them. */
const DEFAULTS = settingsOf({});

describe('a setting', () => {
  it('has a default', () => {
    expect(settingsOf({ crawler: {} })).toEqual(DEFAULTS);
    expect(DEFAULTS.runDefaults).toEqual(RUN_DEFAULTS);
  });

  it('is taken from the object in cdk.json', () => {
    const crawler = { batchSize: 3, hostShards: { 'a.test': 2 }, pointInTimeRecovery: false };
    expect(settingsOf({ crawler })).toEqual({ ...DEFAULTS, ...crawler });
  });

  it('is taken from the command line, where every value is text, before cdk.json', () => {
    const context = {
      crawler: { batchSize: 3, groups: 7 },
      'crawler.batchSize': '4',
      'crawler.hostShards': '{"a.test":2}',
      'crawler.allowPrivateAddresses': 'true',
      'crawler.logRetentionDays': '90',
    };
    expect(settingsOf(context)).toEqual({
      ...DEFAULTS,
      batchSize: 4,
      groups: 7,
      hostShards: { 'a.test': 2 },
      allowPrivateAddresses: true,
      logRetentionDays: 90,
    });
  });

  it('is not what other tools leave in the context', () => {
    expect(settingsOf({ 'crawlers.batchSize': '99', '@aws-cdk/x': true })).toEqual(DEFAULTS);
  });
});

describe('bad settings', () => {
  it.each([
    ['groups', [0, 100_001, 1.5, 'many', '', true, null]],
    ['hostShards', ['a.test=4', { 'a.test': 0 }, { 'a.test': 101 }, [1]]],
    ['workerConcurrency', [1, 1001]],
    ['resultRetentionDays', [-1, 1, 14, 3651]],
    ['maxRunCost', [-1, '5 dollars']],
    ['costAlarmPerHour', [-1]],
    ['budget', [5, { dollars: 50 }, { dollars: 0, email: 'crew@example.com' }]],
    ['reservedConcurrency', [-1, 101]],
    ['workerMemoryMb', [511, 10_241]],
    ['workerTimeoutS', [149, 901]],
    ['maxInFlight', [0, 401]],
    ['batchSize', [0, 11, '10 000']],
    ['maxReceiveCount', [3, 101]],
    ['windowSize', [99, 1_000_001]],
    ['logRetentionDays', [0, 2, 366]],
    ['pointInTimeRecovery', ['maybe', 1, '']],
    ['allowPrivateAddresses', ['yes', 1, '']],
    ['debugSampleRate', [-0.1, 1.1, 'all']],
    ['tracing', ['yes', 1, '']],
    ['alarmEmail', ['nobody', '', 1]],
    ['oldestTaskAlarmHours', [0, 337]],
    ['failureAlarmPercent', [0, 100]],
    ['noProgressAlarmMinutes', [9, 12, 725]],
    ['runbookUrl', ['', 1]],
    ['stackName', ['', 'a b', '1a', 'a_b', 'a'.repeat(101)]],
    ['tags', ['x', [], { '': 'x' }, { a: 1 }, { a: '<' }]],
    ['removalPolicy', ['', 'keep', true]],
    ['encryptionKey', ['', 'mine', 'arn:aws:kms:us-east-1:1:key/x', 'alias/mine']],
    [
      'vpc',
      ['x', {}, { subnetIds: [], securityGroupIds: ['sg-01234567'] }, { subnetIds: ['subnet-1'] }],
    ],
    ['imageRetentionDays', [-1, 3651, 'never']],
    ['listRetentionDays', [-1, 3651]],
    ['maxBodyBytes', [999, 500_000_001]],
    ['maxListBytes', [0, 5_000_000_001]],
    ['allowedHosts', ['a.test', [''], ['http://a.test'], ['a.test:80'], ['*.a.test/'], ['a b']]],
    ['deniedHosts', ['a.test', [1], ['me@a.test']]],
    ['proxy', ['socks5://a.test:1', 'https://a.test', '', 'a b']],
    ['runDefaults', ['x', { attempts: 0 }, { colour: 1 }, { userAgent: 'é' }]],
    ['listField', ['', 1]],
    [
      'webBotAuth',
      [
        'bot-key',
        { secret: 'bot-key' },
        { secret: '', origin: 'https://bot.test' },
        { secret: 'a b', origin: 'https://bot.test' },
        { secret: 'bot-key', origin: 'http://bot.test' },
        { secret: 'bot-key', origin: 'https://bot.test/path' },
        { secret: 'bot-key', origin: 'https://bot.test', form: 'list' },
        { secret: 'bot-key', origin: 'https://bot.test', key: '{}' },
      ],
    ],
    [
      'botSite',
      [
        'bot.test',
        { domain: 'bot.test' },
        { domain: 'https://bot.test', certificate: 'arn:aws:acm:us-east-1:1:x' },
        { domain: 'bot.test', certificate: 'arn:aws:acm:eu-west-1:123456789012:certificate/x' },
      ],
    ],
    [
      'schedules',
      [
        ['lists/a.txt'],
        [{ list: 'inbox/a.txt', every: 'rate(1 day)' }],
        [{ list: 'lists/a.txt', every: 'daily' }],
        [{ list: 'lists/a.txt', every: 'rate(1 days)' }],
        [{ list: 'lists/a.txt', every: 'rate(0 days)' }],
      ],
    ],
  ])('are refused by name: %s', (name, values) => {
    for (const value of values) {
      expect(problemsOf({ [`crawler.${name}`]: value })).toContain(`at ${name}`);
    }
  });

  it('are told all at once, with the unknown ones', () => {
    const problems = problemsOf({
      crawler: { colour: 'red', batchSize: 11, groups: 'many' },
      'crawler.workerMemory': '1024',
      'crawler.pointInTimeRecovery': 'maybe',
    });
    expect(problems.split('\n')).toEqual([
      'bad settings in the CDK context:',
      '✖ Unrecognized keys: "colour", "workerMemory"',
      '✖ Invalid input: expected boolean, received string',
      '  → at pointInTimeRecovery',
      '✖ Invalid input: expected number, received string',
      '  → at groups',
      '✖ Too big: expected number to be <=10',
      '  → at batchSize',
    ]);
  });

  it.each(['red', ['batchSize'], 7])('are told when they are no object: %j', (crawler) => {
    expect(problemsOf({ crawler })).toContain('at crawler');
  });
});

describe('hosts', () => {
  it('are known as URLs have them', () => {
    const allowedHosts = ['EXAMPLE.test', 'bücher.test', 'a.test.', '[::1]', '192.0.2.1'];
    expect(settingsOf({ crawler: { allowedHosts } }).allowedHosts).toEqual([
      'example.test',
      'xn--bcher-kva.test',
      'a.test',
      '[::1]',
      '192.0.2.1',
    ]);
  });

  it('are no more than functions have room for', () => {
    const deniedHosts = Array.from({ length: 200 }, (_, at) => `host-${at}.test`);
    expect(problemsOf({ crawler: { deniedHosts } })).toContain('2500 bytes');
  });
});

describe('another setting', () => {
  it('gives another template, and only where it should', () => {
    const byDefault = synthesised();
    const other = synthesised({ crawler: { batchSize: 1, workerMemoryMb: 2048 } });
    const differing = Object.keys(byDefault.resources).filter((id) => {
      return JSON.stringify(byDefault.resources[id]) !== JSON.stringify(other.resources[id]);
    });
    expect(Object.keys(other.resources)).toEqual(Object.keys(byDefault.resources));
    expect(differing).toEqual([
      expect.stringMatching(/^WorkerCrawlFunction[0-9A-F]{8}$/),
      expect.stringMatching(/^WorkerCrawlFunctionTasks/),
    ]);
    expect(other.find('AWS::Lambda::EventSourceMapping', 'Worker').Properties).toMatchObject({
      BatchSize: 1,
    });
  });
});

describe('the CDK app', () => {
  it('ends with code 1 and the problems of the command line, without a stack trace', async () => {
    const { code, stderr } = await cdkList('-c', 'crawler.batchSize=11', '-c', 'crawler.colour=1');
    expect(code).toBe(1);
    expect(stderr).toContain('→ at batchSize');
    expect(stderr).toContain('Unrecognized key: "colour"');
    expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  });

  it('takes what the command line sets', async () => {
    const { code, stderr, template } = await cdkList('-c', 'crawler.batchSize=3');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await template()).toContain('"BatchSize": 3');
  });
});

/** A CDK command as the owner of a deployment types it; this one bundles no functions. */
async function cdkList(...words: readonly string[]) {
  const folder = await freshFolder();
  const cdk = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const child = spawn(process.execPath, [cdk, 'list', '-o', folder, ...words], {
    cwd: PROJECT,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      NO_COLOR: '1',
      CI: 'true',
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
  const template = () => readFile(join(folder, 'ImageCrawler.template.json'), 'utf8');
  return { code: child.exitCode, stderr, template };
}
