import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as s3 from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CreatedObject } from '../../../local/functions/object-events.ts';
import { freshFolder } from '../../fresh-folder.ts';
import { emulatedAws } from './emulated-aws.ts';

const Bucket = 'bucket';
const LARGE = randomBytes(3_000_000);
let aws: Awaited<ReturnType<typeof emulatedAws>>;
let folder: string;
let created: CreatedObject[];

beforeEach(async () => {
  folder = await freshFolder();
  created = [];
  aws = await emulatedAws({ onObject: (object) => created.push(object) }, folder);
  await aws.s3.send(new s3.CreateBucketCommand({ Bucket }));
});

const put = (Key: string, Body: s3.PutObjectCommandInput['Body'], more: object = {}) =>
  aws.s3.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
async function get(Key: string, more: object = {}) {
  const { Body, ...rest } = await aws.s3.send(new s3.GetObjectCommand({ Bucket, Key, ...more }));
  if (!(Body instanceof Readable)) throw new Error('a body was expected');
  return { ...rest, body: await buffer(Body) };
}
const md5 = (bytes: Uint8Array | string) => createHash('md5').update(bytes).digest('hex');
/** Names of the files that bodies are kept in. */
async function files(): Promise<readonly string[]> {
  const options = { recursive: true, withFileTypes: true } as const;
  const entries = await readdir(join(folder, 'objects'), options).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('an object', () => {
  it.each([
    ['small', Buffer.from('hello')],
    ['large', LARGE],
    ['empty', Buffer.alloc(0)],
  ])('that is %s is read as it was put, also after a restart', async (_, bytes) => {
    const headers = { ContentType: 'image/x', Metadata: { of: 'test' }, CacheControl: 'no-store' };
    expect(await put('a b/ü+c.jpg', bytes, headers)).toMatchObject({ ETag: `"${md5(bytes)}"` });
    await aws.close();
    aws = await emulatedAws({}, folder);
    const read = await get('a b/ü+c.jpg');
    expect(read).toMatchObject({
      ...headers,
      ContentLength: bytes.length,
      ETag: `"${md5(bytes)}"`,
    });
    expect(md5(read.body)).toBe(md5(bytes));
    const head = await aws.s3.send(new s3.HeadObjectCommand({ Bucket, Key: 'a b/ü+c.jpg' }));
    expect(head).toMatchObject({ ContentLength: bytes.length, ContentType: 'image/x' });
  });

  it('that is streamed has its chunks joined and its checksum looked at', async () => {
    const stream = Readable.from([LARGE.subarray(0, 100_000), LARGE.subarray(100_000)]);
    await put('streamed', stream, { ContentLength: LARGE.length });
    const { body, ContentEncoding } = await get('streamed');
    expect(body.equals(LARGE)).toBe(true);
    expect(ContentEncoding).toBeUndefined();
  });

  it('whose checksum is wrong is refused, and leaves nothing', async () => {
    await expect(put('bad', LARGE, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    await expect(get('bad')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await files()).toEqual([]);
  });

  it.each([
    ['bytes=0-1', '01', 'bytes 0-1/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('is read in part: %s', async (Range, text, ContentRange) => {
    await put('digits', '0123456789');
    const { body, ...rest } = await get('digits', { Range });
    expect(body.toString()).toBe(text);
    expect(rest).toMatchObject({ ContentRange, ContentLength: text.length });
  });

  it('of a large file is read in part', async () => {
    await put('large', LARGE);
    const { body } = await get('large', { Range: 'bytes=1000000-1000009' });
    expect(body.equals(LARGE.subarray(1_000_000, 1_000_010))).toBe(true);
  });

  it('has no part beyond its end', async () => {
    await put('digits', '0123456789');
    await expect(get('digits', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
    });
  });

  it('is put once where it must not be there', async () => {
    const once = { IfNoneMatch: '*' };
    await put('once', 'first', once);
    await expect(put('once', 'second', once)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect((await get('once')).body.toString()).toBe('first');
  });

  it('is replaced and read only as the version that is meant', async () => {
    const { ETag: first = '' } = await put('versions', 'first');
    await put('versions', 'second', { IfMatch: first });
    await expect(put('versions', 'third', { IfMatch: first })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(get('versions', { IfMatch: first })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    const asked = get('versions', { IfNoneMatch: `"${md5('second')}"` });
    await expect(asked).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });

  it('leaves no file behind when it is replaced or deleted', async () => {
    await put('large', LARGE);
    expect(await files()).toHaveLength(1);
    await put('large', LARGE.subarray(1));
    expect(await files()).toHaveLength(1);
    await aws.s3.send(new s3.DeleteObjectCommand({ Bucket, Key: 'large' }));
    expect(await files()).toEqual([]);
    await expect(get('large')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await aws.s3.send(new s3.DeleteObjectCommand({ Bucket, Key: 'large' }));
  });

  it('is deleted with others, whether it is there or not', async () => {
    for (const key of ['a&b', 'large', 'stays']) await put(key, key === 'large' ? LARGE : key);
    const Objects = ['a&b', 'large', 'absent'].map((Key) => ({ Key }));
    const command = new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects } });
    expect((await aws.s3.send(command)).Deleted).toEqual(Objects);
    const { Contents } = await aws.s3.send(new s3.ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['stays']);
    expect(await files()).toEqual([]);
  });

  it('in a bucket that is not there is refused', async () => {
    const call = aws.s3.send(new s3.PutObjectCommand({ Bucket: 'nobody', Key: 'a', Body: 'a' }));
    await expect(call).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

it('whoever listens is told of each object that comes into being, however it comes', async () => {
  const { ETag: etag = '' } = await put('a', 'hello');
  await aws.s3.send(new s3.CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
  await expect(put('a', 'again', { IfNoneMatch: '*' })).rejects.toThrow();
  const of = { bucket: Bucket, bytes: 5, etag: etag.replaceAll('"', '') };
  expect(created).toEqual([
    { ...of, key: 'a', reason: 'PutObject' },
    { ...of, key: 'b', reason: 'CopyObject' },
  ]);
});

describe('an upload in parts', () => {
  const about = { Bucket, Key: 'whole' };
  const begin = async () => {
    const { UploadId } = await aws.s3.send(
      new s3.CreateMultipartUploadCommand({ ...about, ContentType: 'x/y' }),
    );
    return { ...about, UploadId };
  };
  const putPart = async (upload: object, PartNumber: number, Body: Uint8Array) => {
    const { ETag } = await aws.s3.send(
      new s3.UploadPartCommand({ ...about, UploadId: '', ...upload, PartNumber, Body }),
    );
    return { PartNumber, ETag };
  };
  const complete = (upload: object, Parts: s3.CompletedPart[]) =>
    aws.s3.send(
      new s3.CompleteMultipartUploadCommand({
        ...about,
        UploadId: '',
        ...upload,
        MultipartUpload: { Parts },
      }),
    );
  const FIRST = Buffer.concat([LARGE, LARGE]);

  it('becomes an object, and its parts are gone', async () => {
    const upload = await begin();
    const second = await putPart(upload, 2, Buffer.from('end'));
    const first = await putPart(upload, 1, FIRST);
    await expect(get('whole')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { ETag = '' } = await complete(upload, [first, second]);
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const { body, ContentType } = await get('whole');
    expect(ContentType).toBe('x/y');
    expect(md5(body)).toBe(md5(Buffer.concat([FIRST, Buffer.from('end')])));
    expect(await files()).toHaveLength(1);
    expect(created).toMatchObject([{ reason: 'CompleteMultipartUpload', bytes: FIRST.length + 3 }]);
  });

  it('that is aborted leaves nothing', async () => {
    const upload = await begin();
    const part = await putPart(upload, 1, FIRST);
    await aws.s3.send(new s3.AbortMultipartUploadCommand(upload));
    expect(await files()).toEqual([]);
    await expect(complete(upload, [part])).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('that was never completed is gone after a restart', async () => {
    const upload = await begin();
    await putPart(upload, 1, FIRST);
    expect(await files()).toHaveLength(1);
    await aws.close();
    aws = await emulatedAws({}, folder);
    expect(await files()).toEqual([]);
  });

  it('takes small parts at its end only, and in their order', async () => {
    const upload = await begin();
    const small = await putPart(upload, 1, Buffer.from('small'));
    const large = await putPart(upload, 2, FIRST);
    await expect(complete(upload, [small, large])).rejects.toMatchObject({
      name: 'EntityTooSmall',
    });
    await expect(complete(upload, [large, small])).rejects.toMatchObject({
      name: 'InvalidPartOrder',
    });
    await expect(complete(upload, [{ ...small, ETag: '"x"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
  });
});

describe('a list of a bucket', () => {
  it('has its keys in order, page by page', async () => {
    for (const key of ['b', 'a/2', 'ü', 'a/1', 'a&b', 'c']) await put(key, key);
    const keys: unknown[] = [];
    const pages = s3.paginateListObjectsV2({ client: aws.s3, pageSize: 2 }, { Bucket });
    for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key }) => Key));
    expect(keys).toEqual(['a&b', 'a/1', 'a/2', 'b', 'c', 'ü']);
  });

  it('has those of a prefix, and folders where it is cut', async () => {
    for (const key of ['x/a/1', 'x/a/2', 'x/b', 'x/c/1', 'y']) await put(key, key);
    const list = new s3.ListObjectsV2Command({ Bucket, Prefix: 'x/', Delimiter: '/' });
    const { Contents = [], CommonPrefixes = [], KeyCount } = await aws.s3.send(list);
    expect(Contents).toMatchObject([{ Key: 'x/b', Size: 3 }]);
    expect(CommonPrefixes).toEqual([{ Prefix: 'x/a/' }, { Prefix: 'x/c/' }]);
    expect(KeyCount).toBe(3);
    const more = await aws.s3.send(
      new s3.ListObjectsV2Command({ Bucket, StartAfter: 'x/c/1', MaxKeys: 5 }),
    );
    expect(more.Contents).toMatchObject([{ Key: 'y' }]);
  });
});

it.each<[string, (s3: s3.S3Client) => Promise<unknown>]>([
  [
    'GET tagging on an object',
    (it) => it.send(new s3.GetObjectTaggingCommand({ Bucket, Key: 'a' })),
  ],
  [
    'PUT: the header x-amz-acl',
    (it) => it.send(new s3.PutObjectCommand({ Bucket, Key: 'a', Body: 'a', ACL: 'private' })),
  ],
  ['DELETE on a bucket', (it) => it.send(new s3.DeleteBucketCommand({ Bucket }))],
])('what is not carried out here is refused by its name: %s', async (name, send) => {
  await expect(send(aws.s3)).rejects.toMatchObject({
    name: 'NotImplemented',
    message: `S3 ${name} is not supported on this machine`,
  });
});
