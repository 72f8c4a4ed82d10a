import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { MissingImageError, type ReadImage } from './read-images.ts';

/** Images that are objects of a bucket, by their `s3://` URIs. */
export function imagesInBucket(s3: S3Client): ReadImage {
  return async ({ file }) => {
    const { hostname: bucket, pathname } = new URL(file);
    const get = new GetObjectCommand({
      Bucket: bucket,
      Key: decodeURIComponent(pathname.slice(1)),
    });
    const { Body } = await s3.send(get).catch((error: unknown) => {
      throw error instanceof NoSuchKey ? new MissingImageError(file) : error;
    });
    if (Body === undefined) throw new MissingImageError(file);
    return Body.transformToByteArray();
  };
}
