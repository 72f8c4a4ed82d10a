import { randomUUID } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from './local-clients.ts';
import { s3Place } from './permissions/s3-calls.ts';

/** An object that a request has put into a bucket. */
export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  /** As EventBridge names the way it came. */
  readonly reason: 'PutObject' | 'CompleteMultipartUpload';
}

/** What is looked at of a request to S3 that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly bytes: number;
  readonly etag: string;
}

const REASONS: Readonly<Record<string, CreatedObject['reason']>> = {
  'PUT ': 'PutObject',
  'POST uploadId': 'CompleteMultipartUpload',
};

/** The object that a request has created, if that is what it did. */
export function createdBy({ method, url, status, bytes, etag }: AnsweredRequest) {
  if (status !== 200) return undefined;
  const { bucket, key, operation } = s3Place(method, url);
  const reason = REASONS[operation];
  if (reason === undefined || key === '') return undefined;
  return { bucket, key, bytes, etag, reason } satisfies CreatedObject;
}

/** What EventBridge tells of a new object. */
export function objectEvent({ bucket, key, bytes, etag, reason }: CreatedObject, nowMs: number) {
  return {
    ...{ version: '0', id: randomUUID(), 'detail-type': 'Object Created', source: 'aws.s3' },
    ...{ account: LOCAL_ACCOUNT, region: LOCAL_IDENTITY.region },
    time: `${new Date(nowMs).toISOString().slice(0, -5)}Z`,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      ...{ version: '0', bucket: { name: bucket }, reason, requester: LOCAL_ACCOUNT },
      object: { key, size: bytes, etag, sequencer: nowMs.toString(16).padStart(18, '0') },
    },
  };
}
