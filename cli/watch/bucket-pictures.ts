import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { imageKey } from '../../contract/image-name.ts';
import type { OpenPicture } from './picture-files.ts';

/**
 * Pictures of a stack's bucket, read with the command's own credentials: the browser needs none, and
 * the page loads nothing from elsewhere. Rejects on errors of AWS.
 */
export function picturesOf(s3: S3Client, bucket: string): OpenPicture {
  return async ({ sha256, format }) => {
    const get = new GetObjectCommand({ Bucket: bucket, Key: imageKey(sha256, format) });
    const { Body, ContentLength } = await s3.send(get).catch((error: unknown) => {
      if (error instanceof NoSuchKey) return { Body: undefined, ContentLength: 0 };
      throw error;
    });
    if (!(Body instanceof Readable) || ContentLength === undefined) return undefined;
    return { body: Body, length: ContentLength };
  };
}
