import { AwsError } from '../aws-error.ts';
import { DELETE_OBJECTS, deleteObjects } from './delete-objects.ts';
import { answerXml, type S3Call, type S3Request } from './s3-request.ts';
import { escapedXml } from './xml.ts';

/** Most keys of an answer. */
const MAX_KEYS = 1000;

/** Calls for a bucket. */
export const BUCKET_CALLS = {
  'PUT ': (request) => {
    request.incoming.resume();
    request.objects.createBucket(request.bucket);
    answerXml(request, undefined, { location: `/${request.bucket}` });
  },
  'HEAD ': (request) => {
    request.objects.mustHave(request.bucket);
    answerXml(request, undefined);
  },
  'GET ': listObjects,
  [DELETE_OBJECTS]: deleteObjects,
} as const satisfies Record<string, S3Call>;

function listObjects(request: S3Request): void {
  const { objects, bucket, query } = request;
  if (query.get('list-type') !== '2')
    throw new AwsError(
      'NotImplemented',
      'S3 ListObjects is not supported on this machine: use ListObjectsV2',
      501,
    );
  objects.mustHave(bucket);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = Math.min(MAX_KEYS, Number(query.get('max-keys') ?? MAX_KEYS));
  const token = query.get('continuation-token');
  const after =
    token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const written = (text: string) =>
    escapedXml(
      query.get('encoding-type') === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text,
    );
  const entries: string[] = [];
  let last = after;
  let common: string | undefined;
  let isTruncated = false;
  for (const { key, size, etag, modified } of objects.list(bucket, prefix, after)) {
    if (common !== undefined && key.startsWith(common)) {
      last = key;
      continue;
    }
    if (entries.length === most) {
      isTruncated = true;
      break;
    }
    last = key;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    common = cut === -1 ? undefined : key.slice(0, cut + delimiter.length);
    if (common !== undefined && after.startsWith(common)) continue;
    const date = new Date(modified).toISOString();
    entries.push(
      common === undefined
        ? `<Contents><Key>${written(key)}</Key><LastModified>${date}</LastModified><ETag>${escapedXml(`"${etag}"`)}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`
        : `<CommonPrefixes><Prefix>${written(common)}</Prefix></CommonPrefixes>`,
    );
  }
  const next = isTruncated
    ? `<NextContinuationToken>${Buffer.from(last).toString('base64url')}</NextContinuationToken>`
    : '';
  const about = `<Name>${bucket}</Name><Prefix>${written(prefix)}</Prefix><KeyCount>${entries.length}</KeyCount><MaxKeys>${most}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>`;
  answerXml(
    request,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${about}${next}${entries.join('')}</ListBucketResult>`,
  );
}
