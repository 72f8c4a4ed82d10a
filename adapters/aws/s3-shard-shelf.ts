import {
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { shardPrefix } from '../../contract/image-name.ts';
import type { ListedShard, ShardShelf } from '../shards/shard-shelf.ts';
import { deleteObjects } from './delete-objects.ts';
import { objectOf, uriOfObject } from './object-uri.ts';

/** Shards in a bucket. */
export class S3ShardShelf implements ShardShelf {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async *list(runId: string): AsyncGenerator<ListedShard> {
    const pages = paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: this.#bucket, Prefix: shardPrefix(runId) },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key = '', Size: bytes = 0, LastModified } of Contents) {
        if (!Key.endsWith('.tar')) continue;
        const modifiedMs = LastModified?.getTime() ?? Number.POSITIVE_INFINITY;
        yield { uri: this.#uriOf(Key), bytes, modifiedMs };
      }
    }
  }

  async read(uri: string): Promise<Uint8Array> {
    const object = objectOf(uri);
    if (object === undefined) throw new Error(`${uri} is no object`);
    const { Body } = await this.#s3.send(new GetObjectCommand(object));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  async write(Key: string, Body: Uint8Array): Promise<string> {
    const ContentType = Key.endsWith('.json') ? 'application/json' : 'application/x-tar';
    await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key, Body, ContentType }));
    return this.#uriOf(Key);
  }

  remove(uris: readonly string[]): Promise<void> {
    return deleteObjects(this.#s3, uris);
  }

  #uriOf(key: string): string {
    return uriOfObject({ Bucket: this.#bucket, Key: key });
  }
}
