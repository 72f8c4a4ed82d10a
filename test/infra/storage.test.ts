import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type SynthesisedResource, synthesised } from './synthesised.ts';

const stack = synthesised();
const TABLE = stack.find('AWS::DynamoDB::Table');
const BUCKET = stack.find('AWS::S3::Bucket', 'ImageBucket');
const INBOX = stack.find('AWS::S3::Bucket', 'Inbox');
const ACCESS_LOGS = stack.find('AWS::S3::Bucket', 'AccessLogs');
const idOf = (idPrefix: string) =>
  stack.all('AWS::S3::Bucket').find(([id]) => id.startsWith(idPrefix))?.[0] ?? '';

const policy = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }),
});

function statementsOf({ Properties }: SynthesisedResource) {
  return policy.parse(Properties).PolicyDocument.Statement;
}

/** What a policy says that lets nobody in without TLS. */
function tlsOnly(service: string, resource: unknown) {
  return {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: `${service}:*`,
    Resource: resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

function below(arn: object, path: string) {
  return { 'Fn::Join': ['', [arn, path]] };
}

/** Lets S3 write the logs of a bucket of this account, and nothing else. */
function logDelivery(ofBucket: string, prefix: string) {
  const logs = { 'Fn::GetAtt': [idOf('AccessLogs'), 'Arn'] };
  return {
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: below(logs, `/${prefix}/*`),
    Condition: {
      ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': [idOf(ofBucket), 'Arn'] } },
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    },
  };
}

describe('the results table', () => {
  it('is paid by the request, under a partition and a sort key', () => {
    expect(TABLE.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    expect(TABLE.Properties).not.toHaveProperty('ProvisionedThroughput');
  });

  it('is encrypted at rest', () => {
    expect(TABLE.Properties['SSESpecification']).toEqual({ SSEEnabled: true });
  });

  it('stays when the stack goes', () => {
    expect(TABLE.DeletionPolicy).toBe('Retain');
  });

  it.each([true, false])('can be restored to any second: %s as it is set', (on) => {
    const table = synthesised({ 'crawler.pointInTimeRecovery': String(on) }).find(TABLE.Type);
    expect(table.Properties['PointInTimeRecoverySpecification']).toEqual({
      PointInTimeRecoveryEnabled: on,
    });
  });
});

describe.each([
  ['image bucket', BUCKET, 'ImageBucket', []],
  ['inbox', INBOX, 'Inbox', []],
  [
    'bucket of access logs',
    ACCESS_LOGS,
    'AccessLogs',
    [logDelivery('ImageBucket', 'images'), logDelivery('Inbox', 'inbox')],
  ],
])('the %s', (_, bucket, idPrefix, more) => {
  it('is closed to the public in every way', () => {
    expect(bucket.Properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(bucket.Properties).not.toHaveProperty('AccessControl');
  });

  it('is encrypted at rest', () => {
    expect(bucket.Properties['BucketEncryption']).toEqual({
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      ],
    });
  });

  it('stays when the stack goes', () => {
    expect(bucket.DeletionPolicy).toBe('Retain');
  });

  it('answers over TLS only, and to no one by its own policy but who must write to it', () => {
    const arn = { 'Fn::GetAtt': [idOf(idPrefix), 'Arn'] };
    const bucketPolicy = stack.find('AWS::S3::BucketPolicy', idPrefix);
    expect(bucketPolicy.Properties['Bucket']).toEqual({ Ref: idOf(idPrefix) });
    expect(statementsOf(bucketPolicy)).toEqual([tlsOnly('s3', [arn, below(arn, '/*')]), ...more]);
  });
});

describe('a request for images', () => {
  it('is kept, for as many days as are set for logs', () => {
    const { find } = synthesised({ crawler: { logRetentionDays: 14 } });
    expect(BUCKET.Properties['LoggingConfiguration']).toEqual({
      DestinationBucketName: { Ref: idOf('AccessLogs') },
      LogFilePrefix: 'images/',
    });
    expect(find('AWS::S3::Bucket', 'AccessLogs').Properties['LifecycleConfiguration']).toEqual({
      Rules: [{ ExpirationInDays: 14, Status: 'Enabled' }],
    });
  });
});

describe('every queue', () => {
  it('answers over TLS only', () => {
    const policies = stack.all('AWS::SQS::QueuePolicy').map(([, one]) => ({
      queues: one.Properties['Queues'],
      statements: statementsOf(one),
    }));
    const queues = stack.all('AWS::SQS::Queue').map(([id]) => id);
    expect(queues).toHaveLength(5);
    expect(policies).toEqual(
      queues.map((id) => ({
        queues: [{ Ref: id }],
        statements: [tlsOnly('sqs', { 'Fn::GetAtt': [id, 'Arn'] })],
      })),
    );
  });
});
