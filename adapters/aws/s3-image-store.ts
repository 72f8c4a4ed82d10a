import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { imageKey } from '../../contract/image-name.ts';
import type { Run } from '../../core/model/run.ts';
import type {
  EarlierImages,
  ImagePlace,
  ImageStore,
  KeptBytes,
  KeptPicture,
  StoredImage,
} from '../../core/ports/images.ts';

/** Images as objects of a bucket, under their hash. */
export class S3ImageStore implements ImageStore, EarlierImages {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** Putting a picture again writes the same bytes: cheaper than to ask first. */
  async put(_run: Run, { bytes, sha256, format }: KeptBytes): Promise<StoredImage> {
    const key = imageKey(sha256, format);
    await this.#s3.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        Body: bytes,
        ContentType: contentTypeOf(format),
      }),
    );
    return { file: `${this.rootOf()}/${key}` };
  }

  rootOf(): string {
    return `s3://${this.#bucket}`;
  }

  /** A request for each picture would cost as much as a tenth of what is saved: whoever deletes it tells. */
  holds(_run: Run, _picture: KeptPicture, root: string): boolean {
    return root === this.rootOf();
  }

  async adopt(run: Run, picture: KeptPicture, root: string): Promise<ImagePlace | undefined> {
    if (!this.holds(run, picture, root)) return undefined;
    const { part, sha256, format } = picture;
    return part ?? { file: `${root}/${imageKey(sha256, format)}` };
  }
}

/** Formats whose media type is not their name. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  html: 'text/html',
  css: 'text/css',
  xml: 'application/xml',
  json: 'application/json',
};

function contentTypeOf(format: string): string {
  return CONTENT_TYPES[format] ?? `image/${format}`;
}
