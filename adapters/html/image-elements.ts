import { kindByName } from '../../core/links/file-names.ts';
import type { Attributes } from './markup-reader.ts';

/** Elements that are images, or one of the files of one. */
const IMAGES: ReadonlySet<string> = new Set([
  'img',
  'image',
  'amp-img',
  'amp-anim',
  'source',
  'input',
]);

/** An element of a page's own that is named for images, as `lazy-img` or `ion-image`. */
const OWN_IMAGE = /-(?:img|image|picture|photo)\b|\b(?:img|image|picture|photo)-/;

/** Whether any attribute of an element may name an image. */
export function isOfImages(element: string): boolean {
  return IMAGES.has(element) || (element.includes('-') && OWN_IMAGE.test(element));
}

/** Whether an element is an image by itself: a source is one within its picture, an input by its type. */
export function isImage(element: string, attributes: Attributes): boolean {
  if (element === 'source') return false;
  if (element === 'input') return attributes.get('type')?.trim().toLowerCase() === 'image';
  if (IMAGES.has(element)) return true;
  // What a page's own element makes of its `src` is not known: only what ends like an image is one.
  return isOfImages(element) && kindByName(attributes.get('src') ?? '') === 'image';
}
