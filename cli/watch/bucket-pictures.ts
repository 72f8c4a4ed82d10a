import type { OpenImage } from '../../adapters/aws/open-image.ts';
import type { OpenPicture } from './picture-files.ts';

/**
 * Pictures of a bucket, read with the command's own credentials: the browser needs none, and the
 * page loads nothing from elsewhere. Rejects on errors of AWS.
 */
export function picturesOf(openImage: OpenImage): OpenPicture {
  return ({ place }) => openImage(place);
}
