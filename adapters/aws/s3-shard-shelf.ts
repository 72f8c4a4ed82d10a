import { extname } from 'node:path/posix';
import {
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ByteRange, ListedObject, ShardShelf } from '../shards/shard-shelf.ts';
import { deleteObjects } from './delete-objects.ts';
import { objectOf, uriOfObject } from './object-uri.ts';

/** What is written, by the endings of names. */
const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.tar': 'application/x-tar',
};

/** The objects of a bucket. */
export class S3ShardShelf implements ShardShelf {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  uriOf(key: string): string {
    return uriOfObject({ Bucket: this.#bucket, Key: key });
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    const pages = paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: this.#bucket, Prefix: prefix },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key = '', Size: bytes = 0, LastModified } of Contents) {
        const modifiedMs = LastModified?.getTime() ?? Number.MAX_SAFE_INTEGER;
        yield { uri: this.uriOf(Key), bytes, modifiedMs };
      }
    }
  }

  async read(uri: string, range?: ByteRange): Promise<Uint8Array> {
    const object = objectOf(uri);
    if (object === undefined) throw new Error(`${uri} is no object`);
    const Range = range && `bytes=${range.from}-${range.from + range.bytes - 1}`;
    const { Body } = await this.#s3.send(new GetObjectCommand({ ...object, Range }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  async write(Key: string, Body: Uint8Array): Promise<string> {
    const ContentType = TYPES[extname(Key)] ?? 'application/octet-stream';
    await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key, Body, ContentType }));
    return this.uriOf(Key);
  }

  remove(uris: readonly string[]): Promise<void> {
    return deleteObjects(this.#s3, uris);
  }
}
