import type { SQSEvent } from 'aws-lambda';

/** Bytes of the bodies of an event, as near as their length tells. */
export function bytesIn({ Records }: SQSEvent): number {
  return Records.reduce((sum, { body }) => sum + body.length, 0);
}
