import { CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type IBucket,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { INBOX, LISTS, SEEDS } from '../contract/bucket-keys.ts';
import type { KeptProps } from './encryption.ts';
import { removalPolicyOf } from './removal-policy.ts';
import type { Settings } from './settings.ts';

/** Where workers put what runs bring. */
const STORED = ['images/', 'thumbnails/', 'files/'];

/** What the bucket is made of. */
export interface ImageBucketProps extends KeptProps {
  readonly accessLogs: IBucket;
}

/** Seed lists in, images out. */
export class ImageBucket extends Construct {
  readonly bucketName: string;
  readonly #bucket: Bucket;

  constructor(
    scope: Construct,
    id: string,
    { settings, encryption, accessLogs }: ImageBucketProps,
  ) {
    super(scope, id);
    const { key } = encryption;
    this.#bucket = new Bucket(this, 'Bucket', {
      encryption: key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      encryptionKey: key,
      // One data key for many objects, not one request to KMS for each image.
      bucketKeyEnabled: key ? true : undefined,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: removalPolicyOf(settings),
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'images/',
      lifecycleRules: rulesOf(settings),
    });
    this.bucketName = this.#bucket.bucketName;
    tellEventBridge(this.#bucket);
  }

  /** Allows reading seed lists, and making one of a list that was dropped. */
  grantSeed(grantee: IFunction): void {
    this.#grant(grantee, ['s3:GetObject', 's3:PutObject'], SEEDS);
    this.#grant(grantee, ['s3:GetObject'], INBOX);
  }

  /** Allows reading lists that are scheduled. */
  grantReadLists(grantee: IFunction): void {
    this.#grant(grantee, ['s3:GetObject'], LISTS);
  }

  /** Allows storing images, and files beside them. */
  grantStoreImages(grantee: IFunction): void {
    for (const prefix of STORED) this.#grant(grantee, ['s3:PutObject'], prefix);
  }

  #grant(grantee: IFunction, actions: string[], prefix: string): void {
    const resourceArns = [this.#bucket.arnForObjects(`${prefix}*`)];
    Grant.addToPrincipal({ grantee, actions, resourceArns });
    Validations.of(grantee.role ?? grantee).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalIdOf(this.#bucket)}.Arn>/${prefix}*]`,
      reason:
        'Objects have no names before they are stored: the least that can be granted is a prefix.',
    });
  }
}

function rulesOf({ imageRetentionDays, listRetentionDays }: Settings): LifecycleRule[] {
  const kept: readonly (readonly [string, number])[] = [
    ...STORED.map((prefix) => [prefix, imageRetentionDays] as const),
    [SEEDS, listRetentionDays],
    [INBOX, listRetentionDays],
  ];
  const expiring = kept.filter(([, days]) => days > 0);
  return [
    { abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ...expiring.map(([prefix, days]) => ({ prefix, expiration: Duration.days(days) })),
  ];
}

/** The property itself: the construct's own way brings a function that edits the bucket. */
function tellEventBridge(bucket: Bucket): void {
  const { defaultChild } = bucket.node;
  if (!(defaultChild instanceof CfnBucket)) throw new Error('expected a bucket');
  defaultChild.notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
  };
}

function logicalIdOf(bucket: Bucket): string {
  const { defaultChild } = bucket.node;
  return CfnElement.isCfnElement(defaultChild) ? Stack.of(bucket).getLogicalId(defaultChild) : '';
}
