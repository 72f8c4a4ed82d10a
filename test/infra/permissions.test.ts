import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { synthesised } from './synthesised.ts';

const stack = synthesised();

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const policy = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      // Strict: what turns a grant round (NotAction, NotResource) is an error here.
      z.strictObject({ Effect: z.literal('Allow'), Action: list, Resource: z.unknown() }),
    ),
  }),
  Roles: z.array(z.object({ Ref: z.string() })),
});

const PARTS = [
  ['TaskQueueTasks', 'tasks'],
  ['TaskQueueDeadLetters', 'dead letters'],
  ['DeferredQueueTasks', 'deferred'],
  ['DeferredQueueDeferredDeadLetters', 'dead deferred'],
  ['ResultsTable', 'table'],
  ['ImageBucket', 'bucket'],
  ['Inbox', 'inbox'],
  ['SeederSeedFunction', 'seeder'],
  ['FinisherFinishFunction', 'finisher'],
  ['SeederFailuresEvents', 'failed events'],
  ['Logs', 'logs'],
] as const;

const policies = stack
  .all('AWS::IAM::Policy')
  .map(([, { Properties }]) => policy.parse(Properties));
const statements = policies.flatMap(({ PolicyDocument, Roles }) =>
  PolicyDocument.Statement.flatMap((one) => Roles.map(({ Ref }) => ({ ...one, role: Ref }))),
);

/** `tasks` for the ARN of the task queue, `bucket/seeds/*` for such objects of the bucket. */
function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const id = /"Fn::GetAtt":\["([^"]+)","Arn"\]/.exec(text)?.[1] ?? text;
  const part = PARTS.find(([prefix]) => id.startsWith(prefix) || id.includes(prefix))?.[1] ?? id;
  const suffix = /"Fn::Join":\["",\[.*,"([^"]*)"\]\]/.exec(text)?.[1] ?? '';
  return `${part}${suffix}`;
}

/** What a function may do: each action with what it may do it to, sorted. */
function grantsOf(rolePrefix: string): readonly string[] {
  const own = statements.filter(({ role }) => role.startsWith(rolePrefix));
  const grants = own.flatMap(({ Action, Resource }) =>
    [Resource].flat().flatMap((one) => Action.map((action) => `${action} ${nameOf(one)}`)),
  );
  return grants.toSorted();
}

const POLL = ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'];
const poll = (queue: string) => POLL.map((it) => `sqs:${it} ${queue}`);
const LOG = ['logs:CreateLogStream logs', 'logs:PutLogEvents logs'];

/** All that each function may do. Who adds a line here widens what a stolen function can do. */
const GRANTS = {
  SeederSeedRole: [
    'dynamodb:BatchGetItem table',
    'dynamodb:GetItem table',
    'dynamodb:UpdateItem table',
    'dynamodb:BatchWriteItem table',
    'dynamodb:PutItem table',
    'dynamodb:Query table',
    'lambda:InvokeFunction seeder',
    'lambda:InvokeFunction finisher',
    ...LOG,
    's3:GetObject inbox/inbox/*',
    's3:GetObject bucket/seeds/*',
    's3:PutObject bucket/seeds/*',
    'sqs:SendMessage failed events',
    'sqs:SendMessage tasks',
  ],
  WorkerCrawlRole: [
    'dynamodb:BatchGetItem table',
    'dynamodb:BatchWriteItem table',
    'dynamodb:GetItem table',
    'dynamodb:Query table',
    'dynamodb:UpdateItem table',
    ...LOG,
    's3:PutObject bucket/images/*',
    's3:PutObject bucket/thumbnails/*',
    's3:PutObject bucket/files/*',
    ...poll('tasks'),
    'sqs:ChangeMessageVisibility tasks',
    'sqs:SendMessage tasks',
    'sqs:SendMessage deferred',
  ],
  DeferralSendBackRole: [...LOG, ...poll('deferred'), 'sqs:SendMessage tasks'],
  DeadLetterDismantleRole: [
    'dynamodb:BatchGetItem table',
    'dynamodb:BatchWriteItem table',
    'dynamodb:Query table',
    'dynamodb:PutItem table',
    'dynamodb:UpdateItem table',
    ...LOG,
    ...poll('dead letters'),
    ...poll('dead deferred'),
    'sqs:SendMessage tasks',
  ],
  FinisherFinishRole: [
    'dynamodb:BatchGetItem table',
    'dynamodb:BatchWriteItem table',
    'dynamodb:GetItem table',
    'dynamodb:Query table',
    'dynamodb:UpdateItem table',
    'lambda:InvokeFunction finisher',
    ...LOG,
    's3:DeleteObject bucket/finishing/*',
    's3:DeleteObject bucket/images/*',
    's3:DeleteObject bucket/results/*',
    's3:GetObject bucket/finishing/*',
    's3:GetObject bucket/images/*',
    's3:ListBucket bucket',
    's3:PutObject bucket/finishing/*',
    's3:PutObject bucket/images/*',
    's3:PutObject bucket/results/*',
  ],
} as const;

describe('what a function may do', () => {
  it.each(Object.entries(GRANTS))('is the list of %s', (role, grants) => {
    expect(grantsOf(role)).toEqual(grants.toSorted());
  });

  it('is for the functions alone: every role is in the table', () => {
    const roles = stack.all('AWS::IAM::Role').map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(roles.toSorted()).toEqual(Object.keys(GRANTS).toSorted());
  });

  it('is never a managed policy, which AWS widens at will', () => {
    const roles = stack.all('AWS::IAM::Role').map(([, one]) => one.Properties);
    for (const role of roles) {
      expect(Object.keys(role)).toEqual(['AssumeRolePolicyDocument']);
    }
    expect(stack.all('AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  it('is lent to Lambda and to no one else', () => {
    const roles = stack.all('AWS::IAM::Role').map(([, one]) => one.Properties);
    for (const role of roles) {
      expect(role['AssumeRolePolicyDocument']).toMatchObject({
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: LAMBDA } }],
      });
    }
  });

  it('is lent to the rules of EventBridge that invoke the seeder, each for itself', () => {
    const rules = stack.all('AWS::Events::Rule').map(([id]) => id);
    const permissions = stack.all('AWS::Lambda::Permission').map(([, one]) => one.Properties);
    expect(rules).toHaveLength(2);
    expect(permissions).toEqual(
      rules.map((id) => ({
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^SeederSeedFunction/), 'Arn'] },
        SourceArn: { 'Fn::GetAtt': [id, 'Arn'] },
      })),
    );
  });
});

const LAMBDA = 'lambda.amazonaws.com';

describe('no statement of any policy', () => {
  it('has a wildcard in an action', () => {
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.flatMap(({ Action }) => Action).filter((it) => it.includes('*'))).toEqual([]);
  });

  it('has a wildcard in a resource, but for the objects below a prefix', () => {
    const wild = statements
      .flatMap(({ Resource }) => [Resource].flat())
      .flatMap((resource) => JSON.stringify(resource).match(/[^"]*\*[^"]*/g) ?? []);
    expect([...new Set(wild)].toSorted()).toEqual([
      '/files/*',
      '/finishing/*',
      '/images/*',
      '/inbox/*',
      '/results/*',
      '/seeds/*',
      '/thumbnails/*',
    ]);
  });
});
