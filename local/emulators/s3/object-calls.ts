import { pipeline } from 'node:stream';
import { AwsError } from '../aws-error.ts';
import type { KeptBytes, ObjectHead } from './object-store.ts';
import { requestBody } from './request-body.ts';
import {
  answerXml,
  headerOf,
  noSuchKey,
  preconditionFailed,
  type S3Call,
  type S3Request,
} from './s3-request.ts';
import { escapedXml } from './xml.ts';

/** Headers that an object is answered with as it was put. */
const KEPT_HEADERS =
  /^(content-(type|disposition|encoding|language)|cache-control|expires|x-amz-meta-.+)$/;
/** Calls for one object. */
export const OBJECT_CALLS = {
  'PUT ': (request) => {
    const isCopy = headerOf(request.incoming, 'x-amz-copy-source') !== undefined;
    return isCopy ? copyObject(request) : putObject(request);
  },
  'GET ': (request) => getObject(request),
  'HEAD ': (request) => getObject(request),
  'DELETE ': (request) => {
    const { objects, bucket, key } = request;
    objects.mustHave(bucket);
    objects.delete(bucket, key);
    answerXml(request, undefined, {}, 204);
  },
} as const satisfies Record<string, S3Call>;

async function putObject(request: S3Request): Promise<void> {
  const { objects, bucket, incoming } = request;
  objects.mustHave(bucket);
  const headers = keptHeaders(request);
  const kept = await objects.keep(requestBody(incoming));
  const etag = kept.md5;
  keepObject(request, { etag, headers, reason: 'PutObject' }, kept);
  answerXml(request, undefined, { etag: `"${etag}"` });
}

/** What a new object is to be. */
interface NewObject {
  readonly etag: string;
  readonly headers: ObjectHead['headers'];
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
}

/** Replaces what has the key by kept bytes, if the request's conditions hold, and tells of it. */
export function keepObject(request: S3Request, made: NewObject, kept: KeptBytes): void {
  const { objects, bucket, key, incoming, onObject } = request;
  const { etag, headers, reason } = made;
  try {
    const before = objects.find(bucket, key);
    const match = headerOf(incoming, 'if-match');
    if (match !== undefined && before === undefined) throw noSuchKey();
    if (headerOf(incoming, 'if-none-match') === '*' && before !== undefined)
      throw preconditionFailed('If-None-Match');
    if (match !== undefined && !isSame(match, before?.etag)) throw preconditionFailed('If-Match');
    const { size } = kept;
    objects.put({ bucket, key, size, etag, modified: Date.now(), headers }, kept);
  } catch (error) {
    objects.drop(kept);
    throw error;
  }
  onObject({ bucket, key, bytes: kept.size, etag, reason });
}

/** The headers of a request that its object keeps. */
export function keptHeaders({ incoming }: S3Request): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (KEPT_HEADERS.test(name)) kept[name] = String(value);
  }
  const encoding = kept['content-encoding']?.replace(/\baws-chunked\b,?\s*/, '');
  if (encoding === '') delete kept['content-encoding'];
  else if (encoding !== undefined) kept['content-encoding'] = encoding;
  return kept;
}

async function copyObject(request: S3Request): Promise<void> {
  const { objects, bucket, incoming } = request;
  objects.mustHave(bucket);
  const place = decodeURIComponent(headerOf(incoming, 'x-amz-copy-source') ?? '').replace(
    /^\//,
    '',
  );
  const slash = place.indexOf('/');
  const from = objects.find(place.slice(0, slash), place.slice(slash + 1));
  if (from === undefined) throw noSuchKey();
  const match = headerOf(incoming, 'x-amz-copy-source-if-match');
  if (match !== undefined && !isSame(match, from.etag))
    throw preconditionFailed('x-amz-copy-source-If-Match');
  const headers =
    headerOf(incoming, 'x-amz-metadata-directive') === 'REPLACE'
      ? keptHeaders(request)
      : from.headers;
  const kept = await objects.keep(objects.read(from));
  keepObject(request, { etag: kept.md5, headers, reason: 'CopyObject' }, kept);
  const modified = new Date().toISOString();
  answerXml(
    request,
    `<CopyObjectResult><LastModified>${modified}</LastModified><ETag>${escapedXml(`"${kept.md5}"`)}</ETag></CopyObjectResult>`,
  );
}

function getObject(request: S3Request): void {
  const { objects, bucket, key, incoming, response, query } = request;
  objects.mustHave(bucket);
  const found = objects.find(bucket, key);
  if (found === undefined) throw noSuchKey();
  const match = headerOf(incoming, 'if-match');
  if (match !== undefined && !isSame(match, found.etag)) throw preconditionFailed('If-Match');
  const etag = `"${found.etag}"`;
  if (isSame(headerOf(incoming, 'if-none-match') ?? '', found.etag)) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const { size } = found;
  const range = rangeOf(headerOf(incoming, 'range'), size);
  const [start, end] = range ?? [0, size - 1];
  const asked = Object.fromEntries(
    [...query]
      .filter(([name]) => name.startsWith('response-'))
      .map(([name, value]) => [name.slice('response-'.length), value]),
  );
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'binary/octet-stream',
    ...found.headers,
    ...asked,
    ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    'last-modified': new Date(found.modified).toUTCString(),
    etag,
  });
  if (incoming.method === 'HEAD') response.end();
  // Whoever has gone away meanwhile is told nothing.
  else pipeline(objects.read(found, start, end), response, () => {});
}

/** The first and the last byte of `bytes=a-b`; undefined for all. @throws AwsError when there is none of it */
function rangeOf(header: string | undefined, size: number): readonly [number, number] | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start < size && start <= end) return [start, end];
  throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
}

function isSame(given: string, etag: string | undefined): boolean {
  return given === '*' || given.split(',').some((one) => one.trim().replaceAll('"', '') === etag);
}
