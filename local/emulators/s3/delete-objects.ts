import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws-error.ts';
import { requestBody } from './request-body.ts';
import { answerXml, type S3Request } from './s3-request.ts';
import { elementsOf, escapedXml, unescapedXml } from './xml.ts';

/** How a request is told that deletes several objects. */
export const DELETE_OBJECTS = 'POST delete';
const MAX_KEYS = 1000;

/** The keys that a request names in its body. @throws AwsError when there are none, or too many */
export async function keysToDelete(incoming: IncomingMessage): Promise<readonly string[]> {
  const chunks: Buffer[] = [];
  for await (const bytes of requestBody(incoming)) chunks.push(bytes);
  const objects = elementsOf(Buffer.concat(chunks).toString(), 'Object');
  if (objects.some((object) => elementsOf(object, 'VersionId').length > 0))
    throw new AwsError('NotImplemented', 'S3 versions are not supported on this machine', 501);
  const keys = objects.flatMap((object) => elementsOf(object, 'Key').map(unescapedXml));
  if (keys.length > 0 && keys.length <= MAX_KEYS) return keys;
  const problem =
    'The XML you provided was not well-formed or did not validate against our published schema';
  throw new AwsError('MalformedXML', problem);
}

/** Deletes objects; one that is not there is not an error. */
export function deleteObjects(request: S3Request): void {
  const { objects, bucket, keys } = request;
  objects.mustHave(bucket);
  for (const key of keys) objects.delete(bucket, key);
  const deleted = keys.map((key) => `<Deleted><Key>${escapedXml(key)}</Key></Deleted>`);
  answerXml(request, `<DeleteResult>${deleted.join('')}</DeleteResult>`);
}
