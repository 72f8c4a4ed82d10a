import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { createS3 } from '../../adapters/aws/clients.ts';
import { streamObject } from '../../adapters/aws/open-image.ts';
import { CommandError } from '../command-error.ts';
import { DENIALS, tellDenials } from '../deployment/denied.ts';
import { systemMessage } from '../deployment/system-error.ts';

/** What S3 and its client say, by the names of their errors. */
const PROBLEMS: Readonly<Record<string, string>> = {
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
  try {
    const object = await streamObject(s3)(uri);
    if (object === undefined) throw new Error('there is no such object');
    await pipeline(object.body, createWriteStream(path));
  } catch (error) {
    const known = error instanceof Error ? PROBLEMS[error.name] : undefined;
    throw new CommandError(`cannot read ${uri}: ${known ?? systemMessage(error)}`);
  }
}
