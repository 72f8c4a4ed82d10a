import { manifestImages } from '../../core/links/manifest-images.ts';
import type { DocumentBody, ReadDocument } from '../../core/ports/pages.ts';
import { Finds } from './finds.ts';
import { MAX_IMAGES, MAX_LINKS } from './limits.ts';

/** Reads a web app manifest, which is JSON in UTF-8: the images that it names. */
export function readManifest({ url, bytes, best }: DocumentBody): ReadDocument {
  const finds = new Finds(url, { images: MAX_IMAGES, links: MAX_LINKS, best });
  for (const image of manifestImages(new TextDecoder().decode(bytes))) finds.image(image);
  return { kind: 'manifest', ...finds.result(false), isCut: finds.isCut };
}
