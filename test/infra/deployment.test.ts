import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CrawlerStack } from '../../infra/crawler-stack.ts';
import { readSettings } from '../../infra/settings.ts';
import { EVERY_SETTING } from './every-setting.ts';
import { FUNCTIONS, synthesised } from './synthesised.ts';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const { vpc: VPC, schedules: SCHEDULES } = EVERY_SETTING;

const statements = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }),
});
const variables = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

function stackOf(crawler: object) {
  return synthesised({ crawler });
}

/** What the roles of a stack are allowed, as JSON. */
function allowedIn(stack: ReturnType<typeof synthesised>): readonly string[] {
  const policies = stack.all('AWS::IAM::Policy').map(([, { Properties }]) => Properties);
  return policies.flatMap((one) =>
    statements.parse(one).PolicyDocument.Statement.map((each) => JSON.stringify(each)),
  );
}

function variablesOf(stack: ReturnType<typeof synthesised>, prefix: string) {
  const { Properties } = stack.find('AWS::Lambda::Function', prefix);
  return variables.parse(Properties).Environment.Variables;
}

describe('with every setting chosen', () => {
  it('no rule of AWS Solutions finds what nobody has acknowledged', () => {
    const app = new App({ context: { crawler: EVERY_SETTING, 'aws:cdk:bundling-stacks': [] } });
    const stack = new CrawlerStack(app, 'ImageCrawler', readSettings(app.node));
    const { violations } = new AwsSolutionsChecks().validateScope(stack);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});

describe('reservedConcurrency', () => {
  it.each([
    [0, undefined],
    [5, 5],
  ])('of %i: the seeder and the dead-letter function have %s of their own', (chosen, reserved) => {
    const stack = stackOf({ reservedConcurrency: chosen });
    for (const [name, prefix] of Object.entries(FUNCTIONS)) {
      const { Properties } = stack.find('AWS::Lambda::Function', prefix);
      const isReserved = name === 'seeder' || name === 'dead-letter';
      const own = isReserved ? reserved : undefined;
      expect([name, Properties['ReservedConcurrentExecutions']]).toEqual([name, own]);
    }
  });
});

describe('what runs may cost and how long they are kept', () => {
  it('is told to functions and to the command', () => {
    const stack = stackOf({ maxRunCost: 2.5, resultRetentionDays: 30 });
    const seeder = variablesOf(stack, FUNCTIONS.seeder);
    expect(JSON.parse(String(seeder['RUN_DEFAULTS']))).toMatchObject({ maxCost: 2.5 });
    for (const prefix of [FUNCTIONS.seeder, FUNCTIONS.worker, FUNCTIONS['dead-letter']])
      expect(variablesOf(stack, prefix)).toMatchObject({ RESULT_RETENTION_DAYS: '30' });
    expect(stack.outputs).toEqual(expect.arrayContaining(['MaxRunCost', 'ResultRetentionDays']));
  });
});

/** The key of the alarms keeps nothing that anybody could want back. */
function isKept([id]: readonly [string, unknown]): boolean {
  return !id.startsWith('WatchAlarms');
}

describe('removalPolicy', () => {
  it.each([
    ['retain', 'Retain'],
    ['destroy', 'Delete'],
  ])('%s: table, buckets and key', (removalPolicy, policy) => {
    const stack = stackOf({ removalPolicy, encryptionKey: 'own' });
    const kept = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key'].flatMap((type) =>
      stack
        .all(type)
        .filter(isKept)
        .map(([, { DeletionPolicy }]) => DeletionPolicy),
    );
    expect(kept).toEqual([policy, policy, policy, policy, policy]);
  });
});

describe('encryptionKey', () => {
  it.each([
    ['own', { 'Fn::GetAtt': [expect.stringMatching(/^EncryptionKey/), 'Arn'] }],
    [KEY, KEY],
  ])('%s encrypts table, image bucket and queues', (encryptionKey, key) => {
    const stack = stackOf({ encryptionKey });
    const table = stack.find('AWS::DynamoDB::Table').Properties;
    expect(table['SSESpecification']).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: key,
    });
    for (const [, { Properties }] of stack.all('AWS::SQS::Queue'))
      expect(Properties).toMatchObject({ KmsMasterKeyId: key });
    const bucket = stack.find('AWS::S3::Bucket', 'ImageBucket').Properties;
    expect(JSON.stringify(bucket['BucketEncryption'])).toContain('"BucketKeyEnabled":true');
    expect(bucket['BucketEncryption']).toMatchObject({
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } },
      ],
    });
  });

  it('may be used by every function, and by no function where there is no key', () => {
    const using = (crawler: object) =>
      allowedIn(stackOf(crawler)).filter((one) => one.includes('"kms:Decrypt"'));
    expect(using({ encryptionKey: KEY })).toHaveLength(Object.keys(FUNCTIONS).length);
    expect(using({})).toEqual([]);
  });

  it('is turned every year when it is the stack’s own', () => {
    const { Properties } = stackOf({ encryptionKey: 'own' }).find('AWS::KMS::Key', 'EncryptionKey');
    expect(Properties['EnableKeyRotation']).toBe(true);
  });
});

describe('vpc', () => {
  it('is where every function runs', () => {
    const stack = stackOf({ vpc: VPC });
    for (const [, { Properties }] of stack.all('AWS::Lambda::Function'))
      expect(Properties['VpcConfig']).toEqual({
        SubnetIds: VPC.subnetIds,
        SecurityGroupIds: VPC.securityGroupIds,
      });
    const network = allowedIn(stack).filter((one) => one.includes('ec2:CreateNetworkInterface'));
    expect(network).toHaveLength(Object.keys(FUNCTIONS).length);
  });

  it('takes no permission where there is none', () => {
    expect(allowedIn(stackOf({})).filter((one) => one.includes('ec2:'))).toEqual([]);
  });
});

describe('tags', () => {
  it('are on all that can have them', () => {
    const stack = stackOf({ tags: { team: 'photos', stage: 'test' } });
    const types = ['AWS::SQS::Queue', 'AWS::DynamoDB::Table', 'AWS::S3::Bucket'];
    for (const type of [...types, 'AWS::Lambda::Function', 'AWS::IAM::Role'])
      for (const [id, { Properties }] of stack.all(type))
        expect([id, Properties['Tags']]).toEqual([
          id,
          expect.arrayContaining([
            { Key: 'stage', Value: 'test' },
            { Key: 'team', Value: 'photos' },
          ]),
        ]);
  });
});

describe('retention', () => {
  it('of images and lists is a rule of the bucket for each prefix', () => {
    const crawler = { imageRetentionDays: 7, listRetentionDays: 3 };
    const { Properties } = stackOf(crawler).find('AWS::S3::Bucket', 'ImageBucket');
    expect(Properties['LifecycleConfiguration']).toMatchObject({
      Rules: [
        { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        { Prefix: 'images/', ExpirationInDays: 7 },
        { Prefix: 'thumbnails/', ExpirationInDays: 7 },
        { Prefix: 'files/', ExpirationInDays: 7 },
        { Prefix: 'seeds/', ExpirationInDays: 3 },
        { Prefix: 'finishing/', ExpirationInDays: 7 },
      ],
    });
    const inbox = stackOf(crawler).find('AWS::S3::Bucket', 'Inbox').Properties;
    expect(inbox['LifecycleConfiguration']).toMatchObject({
      Rules: [
        { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        { ExpirationInDays: 3 },
      ],
    });
  });
});

describe('hosts and sizes', () => {
  it('are told to the functions that heed them', () => {
    const stack = stackOf(EVERY_SETTING);
    expect(variablesOf(stack, FUNCTIONS.worker)).toMatchObject({
      ALLOWED_HOSTS: '["a.test"]',
      DENIED_HOSTS: '["b.a.test"]',
      MAX_BODY_BYTES: '5000',
      PROXIES: '{"http":"http://proxy.test:3128","https":"http://proxy.test:3128"}',
    });
    const { RUN_DEFAULTS, ...seeder } = variablesOf(stack, FUNCTIONS.seeder);
    expect(seeder).toMatchObject({ LIST_FIELD: 'image', MAX_LIST_BYTES: '900' });
    expect(seeder).toMatchObject({ LIST_KEEP: '["TEXT"]', LIST_HASH_FIELD: 'md5' });
    expect(JSON.parse(String(RUN_DEFAULTS))).toMatchObject({ attempts: 1, perHost: 6 });
  });
});

describe('a list that is dropped', () => {
  it('reaches the seeder from a bucket of its own: each image would be an event, too', () => {
    const stack = stackOf({});
    const bucket = stack.all('AWS::S3::Bucket').find(([id]) => id.startsWith('Inbox'))?.[0];
    expect(stack.find('AWS::S3::Bucket', 'ImageBucket').Properties).not.toHaveProperty(
      'NotificationConfiguration',
    );
    expect(stack.find('AWS::S3::Bucket', 'Inbox').Properties).toMatchObject({
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    expect(stack.find('AWS::Events::Rule', 'SeederDropped').Properties).toMatchObject({
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: bucket }] }, object: { key: [{ prefix: 'inbox/' }] } },
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^SeederSeedFunction/), 'Arn'] } }],
    });
  });
});

describe('schedules', () => {
  const stack = stackOf({ schedules: SCHEDULES });

  it('invoke the seeder with their list and the time that tells one day from the next', () => {
    const rules = stack.all('AWS::Events::Rule').filter(([id]) => id.includes('Schedule'));
    expect(rules.map(([, { Properties }]) => Properties)).toMatchObject(
      SCHEDULES.map(({ list, every }) => ({
        ScheduleExpression: every,
        Targets: [
          {
            InputTransformer: {
              InputPathsMap: { time: '$.time' },
              InputTemplate: `{"scheduled":"${list}","time":<time>}`,
            },
          },
        ],
      })),
    );
  });

  it('let the seeder read their lists, and it may not where there are no schedules', () => {
    const reading = (one: ReturnType<typeof synthesised>) =>
      allowedIn(one).filter((text) => text.includes('/lists/*'));
    expect(reading(stack)).toEqual([expect.stringContaining('s3:GetObject')]);
    expect(reading(stackOf({}))).toEqual([]);
  });
});

describe('stackName', () => {
  it('sets environments side by side: nothing else has a name of its own', () => {
    const { resources } = stackOf({ ...EVERY_SETTING, stackName: 'Staging' });
    const NAMES = /"(QueueName|TableName|BucketName|FunctionName|RoleName|LogGroupName)":"/;
    const named = Object.entries(resources).filter(([, one]) => NAMES.test(JSON.stringify(one)));
    expect(named.map(([id]) => id)).toEqual([]);
  });
});
