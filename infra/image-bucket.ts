import { CfnElement, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Seed lists in, images out. */
export class ImageBucket extends Construct {
  readonly bucketName: string;
  readonly #bucket: Bucket;

  constructor(scope: Construct, id: string, accessLogs: IBucket) {
    super(scope, id);
    this.#bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'images/',
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    this.bucketName = this.#bucket.bucketName;
  }

  /** Allows reading seed lists. */
  grantReadSeeds(grantee: IFunction): void {
    this.#grant(grantee, 's3:GetObject', 'seeds/*');
  }

  /** Allows storing images. */
  grantStoreImages(grantee: IFunction): void {
    this.#grant(grantee, 's3:PutObject', 'images/*');
  }

  #grant(grantee: IFunction, action: string, keys: string): void {
    const resourceArns = [this.#bucket.arnForObjects(keys)];
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns });
    Validations.of(grantee.role ?? grantee).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalIdOf(this.#bucket)}.Arn>/${keys}]`,
      reason:
        'Objects have no names before they are stored: the least that can be granted is a prefix.',
    });
  }
}

function logicalIdOf(bucket: Bucket): string {
  const { defaultChild } = bucket.node;
  return CfnElement.isCfnElement(defaultChild) ? Stack.of(bucket).getLogicalId(defaultChild) : '';
}
