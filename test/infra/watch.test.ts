import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { settingsSchema } from '../../infra/settings-schema.ts';
import { alarmSpecs } from '../../infra/watch/alarm-specs.ts';
import { AWS_METRICS } from './aws-metrics.ts';
import { synthesised } from './synthesised.ts';
import { seriesOf, widgetsOf } from './watched-series.ts';

const stack = synthesised();
const alarms = stack.all('AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
  z
    .object({
      AlarmName: z.string(),
      AlarmDescription: z.string(),
      AlarmActions: z.array(z.object({ Ref: z.string() })),
      Threshold: z.number(),
      DatapointsToAlarm: z.number(),
      EvaluationPeriods: z.number(),
      TreatMissingData: z.string(),
    })
    .parse(Properties),
);
const topicId = stack.all('AWS::SNS::Topic').map(([id]) => id);

const RUNBOOK = readFileSync('docs/runbook.md', 'utf8');
const SECTIONS = RUNBOOK.split(/^## /m)
  .slice(1)
  .map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    return { heading, text: lines.join('\n') };
  });
const SPECS = alarmSpecs(
  {
    stack: 's',
    taskQueue: 't',
    deadLetters: 'd',
    table: 'r',
    worker: 'w',
    deferred: 'q',
    seederFailures: 'seeder-failures',
    deferredDeadLetters: 'e',
    functions: [],
    logs: [],
  },
  settingsSchema.parse({}),
);

describe('an alarm', () => {
  it('is there for each trouble that a person must know of', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName)).toEqual(
      [
        'DeadLetters',
        'DeadLettersStay',
        'DeferredTasksStay',
        'OldestTask',
        'Errors',
        'Throttles',
        'SeedingFailed',
        'FailureRatio',
        'NoProgress',
        'CostPerHour',
      ].map((name) => `ImageCrawler-${name}`),
    );
  });

  it.each(alarms)('tells the topic, and says where to read on: $AlarmName', (alarm) => {
    expect(alarm.AlarmActions).toEqual([{ Ref: topicId[0] }]);
    const name = alarm.AlarmName.replace('ImageCrawler-', '');
    const anchor = SPECS[name]?.heading.toLowerCase().replaceAll(' ', '-');
    expect(alarm.AlarmDescription).toMatch(new RegExp(` docs/runbook\\.md#${anchor}$`));
    // A crawler that has nothing to do is well.
    expect(alarm.TreatMissingData).toBe('notBreaching');
  });

  it('goes off as it is set', () => {
    const crawler = {
      oldestTaskAlarmHours: 2,
      failureAlarmPercent: 20,
      noProgressAlarmMinutes: 60,
      stackName: 'Other',
      runbookUrl: 'https://wiki.test/crawler',
    };
    const other = synthesised({ crawler });
    const of = (name: string) => other.find('AWS::CloudWatch::Alarm', `WatchAlarms${name}`);
    expect(of('OldestTask').Properties).toMatchObject({ Threshold: 7200 });
    expect(of('FailureRatio').Properties).toMatchObject({ Threshold: 20 });
    expect(of('NoProgress').Properties).toMatchObject({
      DatapointsToAlarm: 12,
      EvaluationPeriods: 12,
      AlarmDescription: expect.stringContaining('https://wiki.test/crawler#no-progress'),
    });
  });
});

describe('what is spent', () => {
  it('rings an alarm at so many dollars an hour, unless that is 0', () => {
    const other = synthesised({ crawler: { costAlarmPerHour: 2.5 } });
    const { Properties } = other.find('AWS::CloudWatch::Alarm', 'WatchAlarmsCostPerHour');
    expect(Properties).toMatchObject({ Threshold: 2.5 });
    expect(JSON.stringify(Properties)).toMatch(/"MetricName":"EstimatedCost".*"Period":3600/);
    const none = synthesised({ crawler: { costAlarmPerHour: 0 } });
    expect(none.all('AWS::CloudWatch::Alarm')).toHaveLength(alarms.length - 1);
  });

  it.each([
    ['account', undefined],
    ['stack', { TagKeyValue: ['aws:cloudformation:stack-name$ImageCrawler'] }],
  ])('is told of by a budget where one is set: of the %s', (scope, CostFilters) => {
    const budget = { dollars: 50, email: 'crew@example.com', scope };
    const { Properties } = synthesised({ crawler: { budget } }).find(
      'AWS::Budgets::Budget',
      'WatchBudget',
    );
    expect(Properties['Budget']).toEqual({
      BudgetName: 'ImageCrawler a month',
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: 50, Unit: 'USD' },
      CostFilters,
    });
    const address = 'crew@example.com';
    const notice = expect.objectContaining({
      Subscribers: [{ SubscriptionType: 'EMAIL', Address: address }],
    });
    expect(Properties['NotificationsWithSubscribers']).toEqual([notice, notice, notice]);
    expect(stack.all('AWS::Budgets::Budget')).toEqual([]);
  });
});

describe('the runbook', () => {
  it('has a heading for each alarm, and no other', () => {
    const headings = Object.values(SPECS).map(({ heading }) => heading);
    expect(SECTIONS.map(({ heading }) => heading)).toEqual(headings);
  });

  it.each(SECTIONS)('says what it means, what to look at and what to do: $heading', ({ text }) => {
    const words = text
      .trim()
      .split('\n\n')
      .map((part) => /^\*\*([^*]+)\.\*\* \S/.exec(part)?.[1]);
    expect(words).toEqual(['Means', 'Look at', 'Do']);
  });

  it('names parts of the dashboard and settings that are there', () => {
    const titles = widgetsOf(stack).map(({ properties: { title } }) => title);
    const named = [...RUNBOOK.matchAll(/"([A-Z][^"]+)"/g)].map(([, title = '']) => title);
    const headings = SECTIONS.map(({ heading }) => heading);
    const unknown = named.filter((name) => {
      return !headings.includes(name) && !titles.some((title) => title.startsWith(name));
    });
    expect(unknown).toEqual([]);
    const settings = [...RUNBOOK.matchAll(/`([a-z]+[A-Z]\w+)`/g)].map(([, name = '']) => name);
    const fields = ['runId', 'taskId'];
    const known = [...fields, ...Object.keys(settingsSchema.shape)];
    expect(settings.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the topic of the alarms', () => {
  it('is encrypted with a key that lets CloudWatch in', () => {
    expect(stack.find('AWS::SNS::Topic').Properties).toMatchObject({
      KmsMasterKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^WatchAlarmsTopicKey/), 'Arn'] },
    });
    const key = stack.find('AWS::KMS::Key', 'WatchAlarmsTopicKey');
    expect(statementsOf(key.Properties['KeyPolicy'])).toContainEqual(
      expect.objectContaining({ ...ALLOW_ALARMS, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }),
    );
  });

  it('lets the alarms of the account publish, and nobody without TLS', () => {
    const { Properties } = stack.find('AWS::SNS::TopicPolicy');
    const statements = statementsOf(Properties['PolicyDocument']);
    expect(statements).toContainEqual(
      expect.objectContaining({ ...ALLOW_ALARMS, Action: 'sns:Publish' }),
    );
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  it('tells an address where one is set', () => {
    expect(stack.all('AWS::SNS::Subscription')).toEqual([]);
    const other = synthesised({ crawler: { alarmEmail: 'crew@example.com' } });
    expect(other.find('AWS::SNS::Subscription').Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'crew@example.com',
    });
  });
});

const ALLOW_ALARMS = {
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Condition: expect.objectContaining({
    StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
  }),
};

function statementsOf(document: unknown): readonly unknown[] {
  return z.object({ Statement: z.array(z.unknown()) }).parse(document).Statement;
}

describe('the dashboard', () => {
  it('answers in its first row whether it moves, is healthy, and what it costs', () => {
    const first = widgetsOf(stack).filter(({ y }) => y === 0);
    expect(first.map(({ properties: { title } }) => title)).toEqual([
      expect.stringMatching(/^Is it moving\?/),
      expect.stringMatching(/^Is it healthy\?/),
      expect.stringMatching(/^What does it cost\?/),
      'In this time',
    ]);
    const health = first.find(({ type }) => type === 'alarm');
    expect(health?.properties.alarms).toHaveLength(alarms.length);
  });

  it('has a name of its own in each stack', () => {
    const other = synthesised({ crawler: { stackName: 'Other' } });
    expect(stack.find('AWS::CloudWatch::Dashboard').Properties).toMatchObject({
      DashboardName: 'ImageCrawler',
    });
    const names = seriesOf(other)
      .filter(({ namespace }) => namespace === 'ImageCrawler')
      .map(({ dimensions }) => dimensions['service']);
    expect(new Set(names)).toEqual(new Set(['Other']));
  });
});

describe('a series of AWS that is watched', () => {
  const ofAws = seriesOf(stack).filter(({ namespace }) => namespace.startsWith('AWS/'));

  it('is one that AWS writes, of a part of this stack', () => {
    expect(ofAws.length).toBeGreaterThan(20);
    for (const { namespace, name, dimensions, by } of ofAws) {
      const known = AWS_METRICS[namespace];
      expect(known?.names, by).toContain(name);
      expect(Object.keys(dimensions), by).toEqual([known?.dimension]);
      const [part = ''] = Object.values(dimensions);
      const [, id = ''] = /^<([A-Za-z0-9]+)(\.QueueName)?>$/.exec(part) ?? [];
      expect(Object.keys(stack.resources), `${by}: ${part}`).toContain(id);
    }
  });

  it('is all that is listed', () => {
    for (const [namespace, { names }] of Object.entries(AWS_METRICS)) {
      const used = ofAws.filter((one) => one.namespace === namespace).map(({ name }) => name);
      expect(new Set(used)).toEqual(new Set(names));
    }
  });
});
