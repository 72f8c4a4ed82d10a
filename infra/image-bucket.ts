import { Duration } from 'aws-cdk-lib';
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { FINISHING, LISTS, SEEDS, TABLES } from '../contract/bucket-keys.ts';
import { type BucketProps, grantBelow, keptBucket } from './kept-bucket.ts';
import type { Settings } from './settings.ts';

/** Where workers put what runs bring. */
const IMAGES = 'images/';
const STORED = [IMAGES, 'thumbnails/', 'files/'];
/** Days that is kept what was left while a run was finished: it is removed with the end. */
const FINISHING_DAYS = 7;

/** Images, and the lists of runs. It tells EventBridge nothing: each object would be a billed event. */
export class ImageBucket extends Construct {
  readonly bucketName: string;
  readonly #bucket: Bucket;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    this.#bucket = keptBucket(this, props, IMAGES, expiryOf(props.settings));
    this.bucketName = this.#bucket.bucketName;
  }

  /** Allows reading seed lists, and making one of a list that was dropped. */
  grantSeed(grantee: IFunction): void {
    grantBelow(this.#bucket, grantee, ['s3:GetObject', 's3:PutObject'], SEEDS);
  }

  /** Allows tidying shards, and writing tables of results. */
  grantFinish(grantee: IFunction): void {
    const writing = ['s3:PutObject', 's3:DeleteObject'];
    for (const prefix of [IMAGES, FINISHING])
      grantBelow(this.#bucket, grantee, ['s3:GetObject', ...writing], prefix);
    grantBelow(this.#bucket, grantee, writing, TABLES);
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.#bucket.bucketArn],
    });
  }

  /** Allows reading lists that are scheduled. */
  grantReadLists(grantee: IFunction): void {
    grantBelow(this.#bucket, grantee, ['s3:GetObject'], LISTS);
  }

  /** Allows storing images, by themselves or many in a file, whole or in parts, and files beside them. */
  grantStoreImages(grantee: IFunction | IRole): void {
    for (const prefix of STORED) grantBelow(this.#bucket, grantee, ['s3:PutObject'], prefix);
  }
}

function expiryOf({
  imageRetentionDays,
  listRetentionDays,
  resultRetentionDays,
}: Settings): LifecycleRule[] {
  const kept: readonly (readonly [string, number])[] = [
    ...STORED.map((prefix) => [prefix, imageRetentionDays] as const),
    [SEEDS, listRetentionDays],
    [TABLES, resultRetentionDays],
    [FINISHING, FINISHING_DAYS],
  ];
  const expiring = kept.filter(([, days]) => days > 0);
  return expiring.map(([prefix, days]) => ({ prefix, expiration: Duration.days(days) }));
}
