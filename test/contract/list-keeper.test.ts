import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3ListKeeper } from '../../adapters/aws/s3-list-keeper.ts';
import { startSqsAndS3 } from './emulators.ts';

let services: Awaited<ReturnType<typeof startSqsAndS3>>;
let Bucket: string;
beforeAll(async () => {
  services = await startSqsAndS3();
  Bucket = await services.createBucket();
});
afterAll(() => services.close());

async function put(Key: string, Body: string | Uint8Array): Promise<string> {
  const command = new PutObjectCommand({ Bucket, Key, Body });
  const { ETag = '' } = await services.s3.send(command);
  return ETag.replaceAll('"', '');
}

async function textOf(Key: string): Promise<string> {
  const { Body } = await services.s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? '';
}

const keeper = (maxBytes = 1000) => new S3ListKeeper(services.s3, Bucket, maxBytes);

describe('a list of the bucket', () => {
  it('is kept as a copy of the run', async () => {
    const key = 'inbox/ä + (1).txt';
    const etag = await put(key, 'http://a.test/\n');
    const location = `s3://${Bucket}/seeds/run-1/0`;
    expect(await keeper().keep({ key, etag }, 'run-1')).toEqual({
      kind: 'kept',
      location,
      gzip: false,
    });
    await put(key, 'another');
    expect(await textOf('seeds/run-1/0')).toBe('http://a.test/\n');
  });

  it('is kept from another bucket as well', async () => {
    const other = await services.createBucket();
    const dropped = new PutObjectCommand({ Bucket: other, Key: 'inbox/x.txt', Body: 'http://b/' });
    await services.s3.send(dropped);
    const kept = await keeper().keep({ bucket: other, key: 'inbox/x.txt' }, 'run-7');
    expect(kept).toMatchObject({ location: `s3://${Bucket}/seeds/run-7/0` });
    expect(await textOf('seeds/run-7/0')).toBe('http://b/');
  });

  it('is known as a gzip by its bytes', async () => {
    await put('inbox/z.txt', new Uint8Array([0x1f, 0x8b, 8, 0]));
    expect(await keeper().keep({ key: 'inbox/z.txt' }, 'run-2')).toMatchObject({ gzip: true });
  });

  it('of one byte is a list', async () => {
    await put('inbox/one.txt', 'x');
    expect(await keeper().keep({ key: 'inbox/one.txt' }, 'run-3')).toMatchObject({ kind: 'kept' });
  });

  it.each([
    ['is empty', '', 1000, 'it is empty'],
    ['is too long', 'x'.repeat(11), 10, '11 bytes, allowed are 10'],
  ])('is refused when it %s', async (_, content, most, problem) => {
    await put('inbox/bad.txt', content);
    const kept = await keeper(most).keep({ key: 'inbox/bad.txt' }, 'run-4');
    expect(kept).toEqual({ kind: 'refused', problem });
  });

  it('is refused when another has taken its place, or nothing has', async () => {
    const etag = await put('inbox/new.txt', 'old');
    await put('inbox/new.txt', 'new');
    expect(await keeper().keep({ key: 'inbox/new.txt', etag }, 'run-5')).toEqual({
      kind: 'refused',
      problem: 'another object has taken its place',
    });
    expect(await keeper().keep({ key: 'inbox/gone.txt' }, 'run-6')).toEqual({
      kind: 'refused',
      problem: 'it is gone',
    });
  });
});
