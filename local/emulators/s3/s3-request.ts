import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CreatedObject } from '../../functions/object-events.ts';
import { AwsError } from '../aws-error.ts';
import type { ObjectStore } from './object-store.ts';
import type { Uploads } from './uploads.ts';

/** A request to S3 that is carried out. */
export interface S3Request {
  readonly bucket: string;
  /** Empty where the bucket itself is meant. */
  readonly key: string;
  /** Objects of the bucket that are to be deleted, by their keys; none in any other call. */
  readonly keys: readonly string[];
  readonly query: URLSearchParams;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly objects: ObjectStore;
  readonly uploads: Uploads;
  readonly onObject: (object: CreatedObject) => void;
}

/** One operation of S3. Answers, or rejects with an AwsError. */
export type S3Call = (request: S3Request) => void | Promise<void>;

/** A header as one text; undefined where it is absent. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Answers with XML, or without a body. */
export function answerXml(
  { response }: Pick<S3Request, 'response'>,
  xml: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): void {
  const body = xml === undefined ? '' : `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
  const type = xml === undefined ? {} : { 'content-type': 'application/xml' };
  response.writeHead(status, { ...type, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

/** The error for what is not there. */
export function noSuchKey(): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
}

/** The error for a condition of a request that does not hold. */
export function preconditionFailed(condition: string): AwsError {
  const problem = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', problem, 412, { Condition: condition });
}
