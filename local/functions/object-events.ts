import { randomUUID } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from '../local-clients.ts';

/** An object that a request has put into a bucket. */
export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  /** As EventBridge names the way it came. */
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
}

/** What EventBridge tells of a new object. */
export function objectEvent({ bucket, key, bytes, etag, reason }: CreatedObject, nowMs: number) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: LOCAL_ACCOUNT,
    region: LOCAL_IDENTITY.region,
    time: `${new Date(nowMs).toISOString().slice(0, -5)}Z`,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      reason,
      requester: LOCAL_ACCOUNT,
      object: { key, size: bytes, etag, sequencer: nowMs.toString(16).padStart(18, '0') },
    },
  };
}
