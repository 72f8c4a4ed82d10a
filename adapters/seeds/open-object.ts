import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { OpenList } from './open-list.ts';

/** Opens `s3://bucket/key`. */
export function openObject(s3: S3Client): OpenList {
  return async (location, fromByte, toByte) => {
    const { hostname, pathname } = new URL(location);
    const isPart = fromByte > 0 || toByte !== undefined;
    const last = toByte === undefined ? '' : toByte - 1;
    const answer = await s3.send(
      new GetObjectCommand({
        Bucket: hostname,
        Key: decodeURIComponent(pathname.slice(1)),
        Range: isPart ? `bytes=${fromByte}-${last}` : undefined,
      }),
    );
    if (!(answer.Body instanceof Readable)) throw new Error(`${location} has no body`);
    const [, whole] = /\/(\d+)$/.exec(answer.ContentRange ?? '') ?? [];
    const size = whole === undefined ? (answer.ContentLength ?? 0) : Number(whole);
    return { bytes: answer.Body, size };
  };
}
