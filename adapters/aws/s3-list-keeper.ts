import { CopyObjectCommand, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { seedKey } from '../../contract/image-name.ts';
import type { KeptList, ListKeeper, OfferedList } from '../../core/ports/list-keeper.ts';
import { uriOfObject } from './object-uri.ts';

/** What S3 says of an object that is not the one that was offered: gone, changed, or empty. */
const PROBLEMS: Readonly<Record<string, string>> = {
  NoSuchKey: 'it is gone',
  PreconditionFailed: 'another object has taken its place',
  InvalidRange: 'it is empty',
};

interface Glance {
  readonly bytes: number;
  readonly etag: string | undefined;
  readonly gzip: boolean;
}

/** Keeps lists as objects of a bucket, whichever they lie in. */
export class S3ListKeeper implements ListKeeper {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #maxBytes: number;

  /** A list of more than `maxBytes` is refused; S3 itself copies 5 GB at most. */
  constructor(s3: S3Client, bucket: string, maxBytes: number) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#maxBytes = maxBytes;
  }

  async keep(offered: OfferedList, runId: string): Promise<KeptList> {
    try {
      const { bytes, etag, gzip } = await this.#look(offered);
      if (bytes === 0) return { kind: 'refused', problem: 'it is empty' };
      if (bytes > this.#maxBytes) {
        const problem = `${bytes} bytes, allowed are ${this.#maxBytes}`;
        return { kind: 'refused', problem };
      }
      const key = seedKey(runId, 0);
      await this.#copy(offered, etag, key);
      return { kind: 'kept', location: uriOfObject({ Bucket: this.#bucket, Key: key }), gzip };
    } catch (error) {
      const problem = error instanceof Error ? PROBLEMS[error.name] : undefined;
      if (problem === undefined) throw error;
      return { kind: 'refused', problem };
    }
  }

  /** Its first two bytes: with them come its length, its version, and whether it is a gzip. */
  async #look({ bucket = this.#bucket, key, etag }: OfferedList): Promise<Glance> {
    // Events name a version without the quotes that HTTP wants (RFC 9110, section 8.8.3).
    const IfMatch = etag && `"${etag.replaceAll('"', '')}"`;
    const { Body, ContentRange, ContentLength, ETag } = await this.#s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, Range: 'bytes=0-1', IfMatch }),
    );
    const head = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const whole = /\/(\d+)$/.exec(ContentRange ?? '')?.[1];
    const bytes = whole === undefined ? (ContentLength ?? 0) : Number(whole);
    return { bytes, etag: ETag, gzip: head[0] === 0x1f && head[1] === 0x8b };
  }

  async #copy(
    { bucket = this.#bucket, key }: OfferedList,
    etag: string | undefined,
    to: string,
  ): Promise<void> {
    await this.#s3.send(
      new CopyObjectCommand({
        Bucket: this.#bucket,
        Key: to,
        CopySource: `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
        CopySourceIfMatch: etag,
        // Tags of a list are its owner's: copying them would take two permissions more.
        TaggingDirective: 'REPLACE',
      }),
    );
  }
}
