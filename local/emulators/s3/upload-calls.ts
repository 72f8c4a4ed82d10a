import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { AwsError } from '../aws-error.ts';
import { keepObject, keptHeaders } from './object-calls.ts';
import type { KeptBytes, ObjectStore } from './object-store.ts';
import { requestBody } from './request-body.ts';
import { answerXml, type S3Call, type S3Request } from './s3-request.ts';
import type { Upload } from './uploads.ts';
import { elementsOf, escapedXml, unescapedXml } from './xml.ts';

/** Every part but the last one has to be as large, in bytes. */
const MIN_PART = 5 * 1024 * 1024;
const MAX_PARTS = 10_000;

/** Calls for an object that comes in parts. */
export const UPLOAD_CALLS = {
  'POST uploads': (request) => {
    const { bucket, key, objects, uploads } = request;
    objects.mustHave(bucket);
    const id = uploads.begin({ bucket, key, headers: keptHeaders(request) });
    const about = `<Bucket>${bucket}</Bucket><Key>${escapedXml(key)}</Key><UploadId>${id}</UploadId>`;
    answerXml(request, `<InitiateMultipartUploadResult>${about}</InitiateMultipartUploadResult>`);
  },
  'PUT uploadId': putPart,
  'POST uploadId': complete,
  'DELETE uploadId': (request) => {
    const { upload, id } = uploadOf(request);
    request.uploads.end(id);
    for (const part of upload.parts.values()) request.objects.drop(part);
    answerXml(request, undefined, {}, 204);
  },
} as const satisfies Record<string, S3Call>;

function uploadOf(request: S3Request): { readonly upload: Upload; readonly id: string } {
  const id = request.query.get('uploadId') ?? '';
  return { id, upload: request.uploads.find(id, request) };
}

async function putPart(request: S3Request): Promise<void> {
  const { incoming, objects, query } = request;
  const { upload } = uploadOf(request);
  const number = Number(query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS)
    throw new AwsError(
      'InvalidArgument',
      `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
    );
  if (incoming.headers['x-amz-copy-source'] !== undefined)
    throw new AwsError('NotImplemented', 'S3 UploadPartCopy is not supported on this machine', 501);
  const kept = await objects.keepPart(requestBody(incoming));
  const before = upload.parts.get(number);
  upload.parts.set(number, kept);
  if (before !== undefined) objects.drop(before);
  answerXml(request, undefined, { etag: `"${kept.md5}"` });
}

async function complete(request: S3Request): Promise<void> {
  const { bucket, key, objects, incoming, uploads } = request;
  const { upload, id } = uploadOf(request);
  const parts = partsOf(await text(incoming), upload);
  const md5s = Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex')));
  const etag = `${createHash('md5').update(md5s).digest('hex')}-${parts.length}`;
  const kept = await objects.keep(joined(parts, objects));
  keepObject(request, { etag, headers: upload.headers, reason: 'CompleteMultipartUpload' }, kept);
  uploads.end(id);
  for (const part of upload.parts.values()) objects.drop(part);
  const about = `<Bucket>${bucket}</Bucket><Key>${escapedXml(key)}</Key><ETag>${escapedXml(`"${etag}"`)}</ETag>`;
  answerXml(request, `<CompleteMultipartUploadResult>${about}</CompleteMultipartUploadResult>`);
}

/** The parts that a client names, in its order. @throws AwsError */
function partsOf(xml: string, upload: Upload): readonly KeptBytes[] {
  let last = 0;
  const parts = elementsOf(xml, 'Part').map((part) => {
    const number = Number(elementsOf(part, 'PartNumber')[0]);
    const etag = unescapedXml(elementsOf(part, 'ETag')[0] ?? '').replaceAll('"', '');
    const kept = upload.parts.get(number);
    if (kept === undefined || kept.md5 !== etag)
      throw new AwsError(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      );
    if (number <= last)
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      );
    last = number;
    return kept;
  });
  if (parts.length === 0)
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  if (parts.slice(0, -1).some(({ size }) => size < MIN_PART))
    throw new AwsError(
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
    );
  return parts;
}

async function* joined(parts: readonly KeptBytes[], objects: ObjectStore): AsyncGenerator<Buffer> {
  for (const part of parts) yield* objects.bytesOf(part);
}
