import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CreatedObject } from '../functions/object-events.ts';
import type { PermissionJudge } from '../permissions/permission-judge.ts';
import { type Answer, refusalAnswer } from '../permissions/refusal-answer.ts';
import { deletionCalls, s3Calls, s3Place } from '../permissions/s3-calls.ts';
import { AwsError } from './aws-error.ts';
import type { DataFile } from './data-file.ts';
import { BUCKET_CALLS } from './s3/bucket-calls.ts';
import { DELETE_OBJECTS, keysToDelete } from './s3/delete-objects.ts';
import { OBJECT_CALLS } from './s3/object-calls.ts';
import { ObjectStore } from './s3/object-store.ts';
import { answerXml, type S3Call } from './s3/s3-request.ts';
import { UPLOAD_CALLS } from './s3/upload-calls.ts';
import { Uploads } from './s3/uploads.ts';
import { escapedXml } from './s3/xml.ts';

/** All that this S3 can do on a bucket and on an object, by method and choosing parameter. */
const ON_BUCKET: Readonly<Record<string, S3Call>> = BUCKET_CALLS;
const ON_OBJECT: Readonly<Record<string, S3Call>> = { ...OBJECT_CALLS, ...UPLOAD_CALLS };

/** Headers that are heeded, or that mean nothing on this machine: who encrypts, and in which class of storage. */
const KNOWN_HEADERS =
  /^x-amz-(date|content-sha256|user-agent|decoded-content-length|trailer|te|security-token|checksum-.*|sdk-checksum-algorithm|meta-.*|tagging-directive|metadata-directive|copy-source(-if-match)?|storage-class|server-side-encryption|expected-bucket-owner)$/;
const UNKNOWN_HEADERS = /^(x-amz-.*|if-modified-since|if-unmodified-since)$/;

/** Answers requests to S3. */
export interface S3Service {
  serve(incoming: IncomingMessage, response: ServerResponse): void;
}

interface S3Options {
  readonly file: DataFile;
  readonly judge: PermissionJudge;
  /** Told of each request: the service, and its method with `bucket` where it is about no object. */
  readonly onRequest: (service: string, action: string) => void;
  readonly onObject: (object: CreatedObject) => void;
}

/** S3 with paths, its objects in a data directory. */
export function createS3Service({ file, judge, onRequest, onObject }: S3Options): S3Service {
  const objects = new ObjectStore(file);
  const uploads = new Uploads();
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = incoming;
    const signed = { authorization: headers.authorization, url };
    const { bucket, key, operation } = s3Place(method, url);
    onRequest('s3', key === '' ? `${method} bucket` : method);
    const isDeletion = key === '' && operation === DELETE_OBJECTS;
    const keys = isDeletion ? await keysToDelete(incoming) : [];
    const refusal = judge.judge(signed, () => {
      return isDeletion ? deletionCalls(bucket, keys) : s3Calls(method, url, headers);
    });
    if (refusal !== undefined) return refuse(incoming, response, refusalAnswer('s3', refusal));
    const call = (key === '' ? ON_BUCKET : ON_OBJECT)[operation];
    if (bucket === '' || call === undefined)
      throw new AwsError(
        'NotImplemented',
        `S3 ${operation.trim()} on ${key === '' ? 'a bucket' : 'an object'} is not supported on this machine`,
        501,
      );
    const odd = Object.keys(headers).find(
      (name) => UNKNOWN_HEADERS.test(name) && !KNOWN_HEADERS.test(name),
    );
    if (odd !== undefined)
      throw new AwsError(
        'NotImplemented',
        `S3 ${operation.trim()}: the header ${odd} is not supported on this machine`,
        501,
      );
    const query = new URLSearchParams(url.split('?', 2)[1]);
    await call({ bucket, key, keys, query, incoming, response, objects, uploads, onObject });
  };
  return {
    serve: (incoming, response) => {
      serve(incoming, response).catch((error) => answerError(incoming, response, error));
    },
  };
}

function refuse(
  incoming: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): void {
  incoming.resume();
  response.writeHead(status, headers).end(incoming.method === 'HEAD' ? '' : body);
}

function answerError(incoming: IncomingMessage, response: ServerResponse, error: unknown): void {
  // Half an answer cannot become an error: its client sees that it ends too early.
  if (response.headersSent) return void response.destroy();
  incoming.resume();
  const told =
    error instanceof AwsError ? error : new AwsError('InternalError', String(error), 500);
  const { name, message, status, details } = told;
  const more = Object.entries(details).map(
    ([field, value]) => `<${field}>${escapedXml(String(value))}</${field}>`,
  );
  const xml = `<Error><Code>${name}</Code><Message>${escapedXml(message)}</Message>${more.join('')}<RequestId>${randomUUID()}</RequestId></Error>`;
  answerXml({ response }, incoming.method === 'HEAD' ? undefined : xml, {}, status);
}
