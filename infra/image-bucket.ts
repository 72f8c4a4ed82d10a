import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Seed lists in, images out. */
export class ImageBucket extends Construct {
  readonly bucketName: string;
  readonly #bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    this.bucketName = this.#bucket.bucketName;
  }

  /** Allows reading seed lists. */
  grantReadSeeds(grantee: IGrantable): void {
    this.#grant(grantee, 's3:GetObject', 'seeds/*');
  }

  /** Allows storing images. */
  grantStoreImages(grantee: IGrantable): void {
    this.#grant(grantee, 's3:PutObject', 'images/*');
  }

  #grant(grantee: IGrantable, action: string, keys: string): void {
    const resourceArns = [this.#bucket.arnForObjects(keys)];
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns });
  }
}
