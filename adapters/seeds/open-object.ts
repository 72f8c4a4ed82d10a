import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { OpenList } from './open-list.ts';

/** Opens `s3://bucket/key`. */
export function openObject(s3: S3Client): OpenList {
  return async (location, fromByte) => {
    const { hostname, pathname } = new URL(location);
    const range = fromByte > 0 ? { Range: `bytes=${fromByte}-` } : {};
    const key = decodeURIComponent(pathname.slice(1));
    const answer = await s3.send(new GetObjectCommand({ Bucket: hostname, Key: key, ...range }));
    if (!(answer.Body instanceof Readable)) throw new Error(`${location} has no body`);
    return answer.Body;
  };
}
