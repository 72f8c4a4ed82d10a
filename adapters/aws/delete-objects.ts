import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { objectOf } from './object-uri.ts';

/** Requests at the same time. */
const AT_ONCE = 32;

/** Deletes the objects among these places, `s3://bucket/key`; one that is gone is no error. */
export async function deleteObjects(s3: S3Client, places: Iterable<string>): Promise<void> {
  const next = objectsOf(places);
  const work = async () => {
    // All share one iterator: each takes the next one.
    for (const place of next) await s3.send(new DeleteObjectCommand(place));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function* objectsOf(places: Iterable<string>) {
  for (const place of places) {
    const object = objectOf(place);
    if (object !== undefined) yield object;
  }
}
