import type { OpenImage } from '../aws/open-image.ts';
import { MissingImageError, type ReadImage } from './read-images.ts';

/** Images of a bucket, objects or parts of one. */
export function imagesInBucket(open: OpenImage): ReadImage {
  return async (image) => {
    const bytes = await open(image);
    if (bytes === undefined) throw new MissingImageError(image.file);
    return bytes;
  };
}
