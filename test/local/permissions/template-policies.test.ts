import { describe, expect, it } from 'vitest';
import { readPolicies } from '../../../local/permissions/template-policies.ts';
import type { Physical, Place } from '../../../local/template/intrinsics.ts';
import { type Resource, UnsupportedTemplateError } from '../../../local/template/template.ts';
import { readStack, withoutHash } from './edited-stack.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:tasks';
const PLACE: Place = {
  pseudo: {},
  resources: new Map<string, Physical>([
    ['Role', { ref: 'Stack-Role', attributes: {} }],
    ['Queue', { ref: 'http://queue', attributes: { Arn: QUEUE } }],
  ]),
};

const Version = '2012-10-17';
const SEND = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE };
const TRUST = {
  Version,
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'lambda.amazonaws.com' },
    },
  ],
};
const TLS = {
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 'sqs:*',
  Resource: QUEUE,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const LOGS = {
  Effect: 'Allow',
  Principal: { Service: 'logging.s3.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::logs/*',
  Condition: { StringEquals: { 'aws:SourceAccount': '0' } },
};

const role = (more: object = {}): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: TRUST, ...more },
});
const policy = (Statement: unknown, more: object = {}): Resource => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyName: 'P',
    Roles: [{ Ref: 'Role' }],
    PolicyDocument: { Version, Statement },
    ...more,
  },
});
const queuePolicy = (statement: object): Resource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: 'Queue' }],
    PolicyDocument: { Version, Statement: [statement] },
  },
});
const bucketPolicy = (statement: object): Resource => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: { Bucket: 'logs', PolicyDocument: { Version, Statement: [statement] } },
});

/** What the role may do by these resources, as `sqs:SendMessage ARN`. */
function grantsOf(...resources: readonly Resource[]): readonly string[] {
  const entries = resources.map((one, at) => [at === 0 ? 'Role' : `Other${at}`, one]);
  const template = { Resources: Object.fromEntries(entries), Outputs: {} };
  const grants = readPolicies(template, PLACE).get('Stack-Role')?.grants ?? [];
  return grants.map(({ action, resource }) => `${action} ${resource}`);
}

describe('what a role may do', () => {
  it.each<[what: string, resources: readonly Resource[], grants: readonly string[]]>([
    ['nothing', [role()], []],
    ['a policy', [role(), policy([SEND])], [`sqs:SendMessage ${QUEUE}`]],
    ['one statement without its list', [role(), policy(SEND)], [`sqs:SendMessage ${QUEUE}`]],
    [
      'a resource by reference',
      [role(), policy([{ ...SEND, Resource: [{ 'Fn::GetAtt': ['Queue', 'Arn'] }] }])],
      [`sqs:SendMessage ${QUEUE}`],
    ],
    [
      'two actions on two resources',
      [role(), policy([{ ...SEND, Action: ['sqs:Send*', 's3:*'], Resource: [QUEUE, '*'] }])],
      [`sqs:Send* ${QUEUE}`, 'sqs:Send* *', `s3:* ${QUEUE}`, 's3:* *'],
    ],
    [
      'two policies, one of them inline',
      [
        role({ Policies: [{ PolicyName: 'I', PolicyDocument: { Version, Statement: [SEND] } }] }),
        policy([{ ...SEND, Sid: 'More', Action: 'sqs:PurgeQueue' }]),
      ],
      [`sqs:SendMessage ${QUEUE}`, `sqs:PurgeQueue ${QUEUE}`],
    ],
    [
      'a service that nothing here is asked of',
      [role(), policy([{ ...SEND, Action: ['xray:PutTraceSegments', 'logs:*'], Resource: '*' }])],
      ['xray:PutTraceSegments *', 'logs:* *'],
    ],
    [
      'the managed policy that lets a function log',
      [
        role({
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
        }),
      ],
      ['logs:CreateLogGroup *', 'logs:CreateLogStream *', 'logs:PutLogEvents *'],
    ],
    ['nothing by a policy that denies plain HTTP', [role(), queuePolicy(TLS)], []],
    ['nothing by a policy for the logs of a bucket', [role(), bucketPolicy(LOGS)], []],
  ])('%s', (_, resources, grants) => {
    expect(grantsOf(...resources)).toEqual(grants);
  });

  it('is read from the stack for each of its roles', async () => {
    const { template } = await readStack();
    const resources = new Map(
      Object.keys(template.Resources).map((id) => [id, { ref: id, attributes: ARNS }]),
    );
    const policies = readPolicies(template, { pseudo: { 'AWS::AccountId': '0' }, resources });
    expect([...policies.keys()].map(withoutHash).toSorted()).toEqual([
      'DeadLetterDismantleRole',
      'DeferralSendBackRole',
      'FinisherFinishRole',
      'SeederSeedRole',
      'WorkerCrawlRole',
    ]);
    for (const { grants } of policies.values()) expect(grants.length).toBeGreaterThan(5);
  });
});

const ARNS = { Arn: QUEUE };

describe('what is not judged here is an error by its name', () => {
  it.each<[named: string, resource: Resource]>([
    ['Condition', policy([{ ...SEND, Condition: { Bool: {} } }])],
    ['Effect Deny', policy([{ ...SEND, Effect: 'Deny' }])],
    ['NotAction', policy([{ Effect: 'Allow', NotAction: 'sqs:SendMessage', Resource: '*' }])],
    ['NotResource', policy([{ Effect: 'Allow', Action: 'sqs:SendMessage', NotResource: QUEUE }])],
    ['Principal', policy([{ ...SEND, Principal: '*' }])],
    ['s?s:SendMessage', policy([{ ...SEND, Action: 's?s:SendMessage' }])],
    ['*:SendMessage', policy([{ ...SEND, Action: '*:SendMessage' }])],
    ['sqs', policy([{ ...SEND, Action: 'sqs' }])],
    ['sns is not on this machine', policy([{ ...SEND, Action: 'sns:Publish' }])],
    ['sqs:SendMessages', policy([{ ...SEND, Action: ['sqs:SendMessage', 'sqs:SendMessages'] }])],
    ['dynamodb:Bath*', policy([{ ...SEND, Action: 'dynamodb:Bath*' }])],
    ['arn:aws:s*:::images', policy([{ ...SEND, Resource: 'arn:aws:s*:::images' }])],
    ['arn:*:s3:::images', policy([{ ...SEND, Resource: 'arn:*:s3:::images' }])],
    ['arn:aws:sqs:tasks', policy([{ ...SEND, Resource: 'arn:aws:sqs:tasks' }])],
    ['tasks is no ARN', policy([{ ...SEND, Resource: [QUEUE, 'tasks'] }])],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
    ['${aws:username}', policy([{ ...SEND, Resource: 'arn:aws:s3:::images/${aws:username}' }])],
    [
      '2008-10-17',
      policy([SEND], { PolicyDocument: { Version: '2008-10-17', Statement: [SEND] } }),
    ],
    ['Groups', policy([SEND], { Groups: ['Admins'] })],
    [
      'AdministratorAccess',
      role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
    ],
    ['PermissionsBoundary', role({ PermissionsBoundary: 'arn:aws:iam::aws:policy/X' })],
    ['AssumeRolePolicyDocument', role({ AssumeRolePolicyDocument: { Version, Statement: [] } })],
    ['a statement that is not judged here', queuePolicy({ ...TLS, Effect: 'Allow' })],
    ['a statement that is not judged here', queuePolicy({ ...TLS, Action: 'sqs:SendMessage' })],
    ['a statement that is not judged here', queuePolicy({ ...TLS, Condition: {} })],
    ['aws:SourceIp', queuePolicy({ ...TLS, Condition: { Bool: { 'aws:SourceIp': 'false' } } })],
    ['arn:aws:iam::1:root', queuePolicy({ ...SEND, Principal: { AWS: 'arn:aws:iam::1:root' } })],
    ['s3.amazonaws.com', queuePolicy({ ...SEND, Principal: { Service: 's3.amazonaws.com' } })],
    ['s3:GetObject', bucketPolicy({ ...LOGS, Action: 's3:GetObject' })],
  ])('%s', (named, resource) => {
    const id = 'Wrong';
    const read = () => readPolicies({ Resources: { [id]: resource }, Outputs: {} }, PLACE);
    expect(read).toThrow(UnsupportedTemplateError);
    expect(read).toThrow(named);
    expect(read).toThrow(id);
  });

  it('with all of it told at once', () => {
    const wrong = [
      { ...SEND, Action: 'sns:Publish' },
      { ...SEND, Resource: 'tasks' },
    ];
    const read = () => readPolicies({ Resources: { P: policy(wrong) }, Outputs: {} }, PLACE);
    expect(read).toThrow(/sns:Publish.*tasks is no ARN/s);
  });
});
