import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type SynthesisedResource, synthesised } from './synthesised.ts';

const stack = synthesised();
const TABLE = stack.find('AWS::DynamoDB::Table');
const BUCKET = stack.find('AWS::S3::Bucket');

const policy = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }),
});

function statementsOf({ Properties }: SynthesisedResource) {
  return policy.parse(Properties).PolicyDocument.Statement;
}

/** What a policy says that lets nobody in without TLS. */
function tlsOnly(service: string, resource: unknown) {
  return {
    ...{ Effect: 'Deny', Principal: { AWS: '*' }, Action: `${service}:*`, Resource: resource },
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
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

describe('the image bucket', () => {
  it('is closed to the public in every way', () => {
    expect(BUCKET.Properties['PublicAccessBlockConfiguration']).toEqual({
      ...{ BlockPublicAcls: true, BlockPublicPolicy: true },
      ...{ IgnorePublicAcls: true, RestrictPublicBuckets: true },
    });
  });

  it('is encrypted at rest', () => {
    expect(BUCKET.Properties['BucketEncryption']).toEqual({
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      ],
    });
  });

  it('stays when the stack goes', () => {
    expect(BUCKET.DeletionPolicy).toBe('Retain');
  });

  it('answers over TLS only', () => {
    const [[id] = ['']] = stack.all(BUCKET.Type);
    const arn = { 'Fn::GetAtt': [id, 'Arn'] };
    const objects = { 'Fn::Join': ['', [arn, '/*']] };
    const bucketPolicy = stack.find('AWS::S3::BucketPolicy');
    expect(bucketPolicy.Properties['Bucket']).toEqual({ Ref: id });
    expect(statementsOf(bucketPolicy)).toEqual([tlsOnly('s3', [arn, objects])]);
  });
});

describe('every queue', () => {
  it('answers over TLS only', () => {
    const policies = stack.all('AWS::SQS::QueuePolicy').map(([, one]) => ({
      queues: one.Properties['Queues'],
      statements: statementsOf(one),
    }));
    const queues = stack.all('AWS::SQS::Queue').map(([id]) => id);
    expect(queues).toHaveLength(2);
    expect(policies).toEqual(
      queues.map((id) => ({
        queues: [{ Ref: id }],
        statements: [tlsOnly('sqs', { 'Fn::GetAtt': [id, 'Arn'] })],
      })),
    );
  });
});
