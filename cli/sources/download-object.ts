import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createS3 } from '../../adapters/aws/clients.ts';
import { CommandError } from '../command-error.ts';
import { DENIALS, tellDenials } from '../deployment/denied.ts';
import { systemMessage } from '../deployment/system-error.ts';

/** What S3 and its client say, by the names of their errors. */
const PROBLEMS: Readonly<Record<string, string>> = {
  NoSuchKey: 'there is no such object',
  NoSuchBucket: 'there is no such bucket',
  CredentialsProviderError: 'no AWS credentials (set AWS_PROFILE or AWS_ACCESS_KEY_ID)',
  PermanentRedirect: 'the bucket is in another region (set AWS_REGION)',
};

/** With the credentials of the person who types. @throws CommandError that names the object */
export async function downloadOwn(uri: string, path: string): Promise<void> {
  const s3 = createS3();
  s3.middlewareStack.add(tellDenials, DENIALS);
  try {
    await downloadObject(s3, uri, path);
  } finally {
    s3.destroy();
  }
}

/** Copies the object of an `s3://` URI into a file. @throws CommandError that names it */
export async function downloadObject(s3: S3Client, uri: string, path: string): Promise<void> {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!(Body instanceof Readable)) throw new Error('it has no body');
    await pipeline(Body, createWriteStream(path));
  } catch (error) {
    const known = error instanceof Error ? PROBLEMS[error.name] : undefined;
    throw new CommandError(`cannot read ${uri}: ${known ?? systemMessage(error)}`);
  }
}
