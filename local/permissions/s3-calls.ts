import type { IncomingHttpHeaders } from 'node:http';
import type { Call } from './call.ts';

/** Query parameters that say how, and not what: they choose no operation. */
const PLAIN =
  /^(x-id|partNumber|list-type|prefix|delimiter|marker|max-keys|start-after|continuation-token|encoding-type|fetch-owner|response-.*|x-amz-.*)$/i;

/** Method and the parameter that chooses the operation, to what it asks for on an object. */
const ON_OBJECT: Readonly<Record<string, readonly string[]>> = {
  'GET ': ['GetObject'],
  'HEAD ': ['GetObject'],
  'PUT ': ['PutObject'],
  'DELETE ': ['DeleteObject'],
  'POST uploads': ['PutObject'],
  'PUT uploadId': ['PutObject'],
  'POST uploadId': ['PutObject'],
  'GET uploadId': ['ListMultipartUploadParts'],
  'DELETE uploadId': ['AbortMultipartUpload'],
  'GET tagging': ['GetObjectTagging'],
  'PUT tagging': ['PutObjectTagging'],
  'DELETE tagging': ['DeleteObjectTagging'],
  'GET acl': ['GetObjectAcl'],
  'PUT acl': ['PutObjectAcl'],
  'GET attributes': ['GetObject', 'GetObjectAttributes'],
  'GET versionId': ['GetObjectVersion'],
  'HEAD versionId': ['GetObjectVersion'],
  'DELETE versionId': ['DeleteObjectVersion'],
};

/** The same on a bucket. */
const ON_BUCKET: Readonly<Record<string, readonly string[]>> = {
  'GET ': ['ListBucket'],
  'HEAD ': ['ListBucket'],
  'PUT ': ['CreateBucket'],
  'DELETE ': ['DeleteBucket'],
  'GET versions': ['ListBucketVersions'],
  'GET uploads': ['ListBucketMultipartUploads'],
  'GET location': ['GetBucketLocation'],
  'GET lifecycle': ['GetLifecycleConfiguration'],
  'PUT lifecycle': ['PutLifecycleConfiguration'],
  'DELETE lifecycle': ['PutLifecycleConfiguration'],
};

/** The same where no bucket is named. */
const ON_ALL: Readonly<Record<string, string>> = { 'GET ': 'ListAllMyBuckets' };

/** Headers of a PUT that ask for more than the object. */
const BY_HEADER: readonly (readonly [header: RegExp, action: string])[] = [
  [/^x-amz-tagging$/, 'PutObjectTagging'],
  [/^x-amz-(acl|grant-.*)$/, 'PutObjectAcl'],
];

/** Actions of S3 that a request here can ask for. */
export const S3_ACTIONS: readonly string[] = [
  ...new Set([ON_OBJECT, ON_BUCKET, ON_ALL].flatMap((table) => Object.values(table).flat())),
];

/** What a request asks; its bucket is in the path. An operation that is not in the tables has no action. */
export function s3Calls(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
): readonly Call[] {
  const { bucket, key, operation } = s3Place(method, url);
  if (bucket === '')
    return [{ action: `s3:${ON_ALL[operation] ?? operation.trim()}`, resource: '*' }];
  const resource = key === '' ? bucketArn(bucket) : `${bucketArn(bucket)}/${key}`;
  const actions = (key === '' ? ON_BUCKET : ON_OBJECT)[operation];
  if (actions === undefined) return [{ action: `s3:${operation.trim()}`, resource }];
  const own = actions.map((action) => ({ action: `s3:${action}`, resource }));
  return method === 'PUT' ? [...own, ...byHeaders(headers, resource)] : own;
}

/** What a request asks that deletes these objects of a bucket: each by itself. */
export function deletionCalls(bucket: string, keys: readonly string[]): readonly Call[] {
  return keys.map((key) => ({
    action: 's3:DeleteObject',
    resource: `${bucketArn(bucket)}/${key}`,
  }));
}

/** What a URL names, and its operation: the method and the parameters that choose one. */
export function s3Place(method: string, url: string) {
  const [path = '', query = ''] = url.split('?', 2);
  const [, bucket = '', ...rest] = path.split('/');
  const names = query === '' ? [] : [...new URLSearchParams(query).keys()];
  const choosing = names.filter((name) => !PLAIN.test(name)).join('&');
  return { bucket, key: decoded(rest.join('/')), operation: `${method} ${choosing}` };
}

function byHeaders(headers: IncomingHttpHeaders, resource: string): readonly Call[] {
  const names = Object.keys(headers);
  const more = BY_HEADER.filter(([header]) => names.some((name) => header.test(name)));
  const calls = more.map(([, action]) => ({ action: `s3:${action}`, resource }));
  const source = headers['x-amz-copy-source'];
  if (typeof source !== 'string') return calls;
  const [place = ''] = decoded(source).replace(/^\//, '').split('?', 1);
  return [...calls, { action: 's3:GetObject', resource: `arn:aws:s3:::${place}` }];
}

function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

/** A key that does not decode is refused by the server itself; here it only has to be a name. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
