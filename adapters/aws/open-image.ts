import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import type { ImagePlace } from '../../core/ports/images.ts';
import { type ObjectPlace, objectOf } from './object-uri.ts';

/** Reads the image at a place; undefined where there is none. Rejects on errors of AWS. */
export type OpenImage = (place: ImagePlace) => Promise<Uint8Array | undefined>;

/**
 * Images of buckets, by object or by object, offset and length: all that reads images of a bucket
 * comes by here. Other places than `s3://` ones have none.
 */
export function openImage(s3: S3Client): OpenImage {
  return async ({ file, offset, length = 0 }) => {
    const object = objectOf(file);
    if (object === undefined) return undefined;
    const Range =
      offset === undefined ? undefined : `bytes=${offset}-${Math.max(offset, offset + length - 1)}`;
    const answer = await getObject(s3, object, Range);
    const bytes = await answer?.Body?.transformToByteArray();
    return length === 0 && offset !== undefined ? bytes?.subarray(0, 0) : bytes;
  };
}

/** Reads a whole object as it comes; undefined where there is none. Rejects on errors of AWS. */
export type StreamObject = (uri: string) => Promise<ObjectStream | undefined>;

/** An object that comes. */
export interface ObjectStream {
  readonly body: Readable;
  /** In bytes. */
  readonly length: number;
}

/** Objects of buckets, shards or single images. */
export function streamObject(s3: S3Client): StreamObject {
  return async (uri) => {
    const object = objectOf(uri);
    if (object === undefined) return undefined;
    const { Body, ContentLength } = (await getObject(s3, object)) ?? {};
    if (!(Body instanceof Readable) || ContentLength === undefined) return undefined;
    return { body: Body, length: ContentLength };
  };
}

/** An object or a part of it; undefined where there is none. */
async function getObject(s3: S3Client, object: ObjectPlace, Range?: string) {
  try {
    return await s3.send(new GetObjectCommand({ ...object, Range }));
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
