import { Duration } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { removalPolicyOf } from './removal-policy.ts';
import type { Settings } from './settings.ts';

/** Who asked what of the image bucket, kept for as many days as other logs. */
export class AccessLogs extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    // By policy: an ACL, the old way, does not go with a bucket that is closed to the public.
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true);
    this.bucket = new Bucket(this, 'Bucket', {
      // S3 delivers its logs to no bucket with a key of somebody's own.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: removalPolicyOf(settings),
      lifecycleRules: [{ expiration: Duration.days(settings.logRetentionDays) }],
    });
  }
}
