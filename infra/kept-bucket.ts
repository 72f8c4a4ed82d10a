import { CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { KeptProps } from './encryption.ts';
import { removalPolicyOf } from './removal-policy.ts';

/** What a bucket is made of. */
export interface BucketProps extends KeptProps {
  readonly accessLogs: IBucket;
}

/** A bucket that is read only with a grant; `logPrefix` is where its access logs go, `expiry` what it drops when. */
export function keptBucket(
  scope: Construct,
  { settings, encryption: { key }, accessLogs }: BucketProps,
  logPrefix: string,
  expiry: readonly LifecycleRule[],
): Bucket {
  return new Bucket(scope, 'Bucket', {
    encryption: key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
    encryptionKey: key,
    // One data key for many objects, not one request to KMS for each.
    bucketKeyEnabled: key ? true : undefined,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    removalPolicy: removalPolicyOf(settings),
    serverAccessLogsBucket: accessLogs,
    serverAccessLogsPrefix: logPrefix,
    lifecycleRules: [
      // What a sender that died had begun to send.
      { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ...expiry,
    ],
  });
}

/** Lets a function do this to the objects below a prefix. */
export function grantBelow(
  bucket: Bucket,
  grantee: IFunction | IRole,
  actions: string[],
  prefix: string,
): void {
  Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [bucket.arnForObjects(`${prefix}*`)],
  });
  const role = 'role' in grantee ? grantee.role : undefined;
  Validations.of(role ?? grantee).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${logicalIdOf(bucket)}.Arn>/${prefix}*]`,
    reason:
      'Objects have no names before they are stored: the least that can be granted is a prefix.',
  });
}

function logicalIdOf(bucket: Bucket): string {
  const { defaultChild } = bucket.node;
  return CfnElement.isCfnElement(defaultChild) ? Stack.of(bucket).getLogicalId(defaultChild) : '';
}
