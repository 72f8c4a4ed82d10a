import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { sideFileName } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type { SideFile, SideFileStore } from '../../core/ports/images.ts';
import { uriOfObject } from './object-uri.ts';

/** Thumbnails and files of hooks as objects of a bucket, under their hash. */
export class S3SideStore implements SideFileStore {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async put(_run: Run, { folder, sha256, ending, bytes, contentType }: SideFile): Promise<string> {
    const object = { Bucket: this.#bucket, Key: sideFileName(folder, sha256, ending) };
    await this.#s3.send(new PutObjectCommand({ ...object, Body: bytes, ContentType: contentType }));
    return uriOfObject(object);
  }
}
