import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { ShardObjects, UploadedPart } from '../shards/shard-objects.ts';
import { uriOfObject } from './object-uri.ts';

const TAR = 'application/x-tar';

/** Objects of a bucket that are written whole or in parts: shards, where nothing else is said. */
export class S3ShardObjects implements ShardObjects {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #type: string;

  constructor(s3: S3Client, bucket: string, type = TAR) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#type = type;
  }

  uriOf(key: string): string {
    return uriOfObject(this.#place(key));
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const put = { ...this.#place(key), Body: bytes, ContentType: this.#type };
    await this.#s3.send(new PutObjectCommand(put));
  }

  async begin(key: string): Promise<string> {
    const begin = { ...this.#place(key), ContentType: this.#type };
    const { UploadId } = await this.#s3.send(new CreateMultipartUploadCommand(begin));
    if (UploadId === undefined) throw new Error(`S3 gave no id for the upload of ${key}`);
    return UploadId;
  }

  async putPart(
    key: string,
    UploadId: string,
    number: number,
    bytes: Uint8Array,
  ): Promise<UploadedPart> {
    const { ETag, ChecksumCRC32 } = await this.#s3.send(
      new UploadPartCommand({ ...this.#place(key), UploadId, PartNumber: number, Body: bytes }),
    );
    return { number, etag: ETag, crc32: ChecksumCRC32 };
  }

  /** An upload that was begun with checksums wants those of its parts again. */
  async complete(key: string, UploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    const Parts = parts.map(({ number, etag, crc32 }) => ({
      PartNumber: number,
      ETag: etag,
      ChecksumCRC32: crc32,
    }));
    await this.#s3.send(
      new CompleteMultipartUploadCommand({
        ...this.#place(key),
        UploadId,
        MultipartUpload: { Parts },
      }),
    );
  }

  #place(Key: string) {
    return { Bucket: this.#bucket, Key };
  }
}
