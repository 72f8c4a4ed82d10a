import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { INBOX } from '../contract/bucket-keys.ts';
import { type BucketProps, grantBelow, keptBucket } from './kept-bucket.ts';

/** A bucket for lists that become runs by themselves: it tells EventBridge of each object. */
export class Inbox extends Construct {
  readonly bucketName: string;
  readonly #bucket: Bucket;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { listRetentionDays } = props.settings;
    const expiry = listRetentionDays > 0 ? [{ expiration: Duration.days(listRetentionDays) }] : [];
    this.#bucket = keptBucket(this, props, INBOX, expiry);
    this.bucketName = this.#bucket.bucketName;
    tellEventBridge(this.#bucket);
  }

  /** Allows reading what was dropped. */
  grantRead(grantee: IFunction): void {
    grantBelow(this.#bucket, grantee, ['s3:GetObject'], INBOX);
  }
}

/** The property itself: the construct's own way brings a function that edits the bucket. */
function tellEventBridge(bucket: Bucket): void {
  const { defaultChild } = bucket.node;
  if (!(defaultChild instanceof CfnBucket)) throw new Error('expected a bucket');
  defaultChild.notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
  };
}
