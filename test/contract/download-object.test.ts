import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { downloadObject } from '../../cli/sources/download-object.ts';
import { startSqsAndS3 } from './emulators.ts';

let services: Awaited<ReturnType<typeof startSqsAndS3>>;
let Bucket: string;
let folder: string;
beforeAll(async () => {
  services = await startSqsAndS3();
  Bucket = await services.createBucket();
  folder = await mkdtemp(join(tmpdir(), 'crawl-test-'));
});
afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true });
});

it('the object of an s3 URI is copied, whatever its key is made of', async () => {
  const Key = 'lists/50% #1?.parquet';
  await services.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'PAR1' }));
  const path = join(folder, 'copy');
  await downloadObject(services.s3, `s3://${Bucket}/${Key}`, path);
  expect(await readFile(path, 'utf8')).toBe('PAR1');
});

it.each([
  ['no-such-bucket', 'key', 'there is no such bucket'],
  ['images-1', 'no-such-key', 'there is no such object'],
])('what is not there is told: %s/%s', async (bucket, key, problem) => {
  const uri = `s3://${bucket}/${key}`;
  await expect(downloadObject(services.s3, uri, join(folder, 'none'))).rejects.toThrow(
    `cannot read ${uri}: ${problem}`,
  );
});
