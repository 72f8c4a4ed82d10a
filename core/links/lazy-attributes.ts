import { cssReferences } from './css-references.ts';
import { kindByName } from './file-names.ts';
import { type ImageFiles, NO_FILES } from './image-files.ts';
import type { LazyName } from './lazy-names.ts';
import { type Candidate, parseSrcset } from './srcset.ts';

/** Where an address may begin that is more than a name. */
const BEGINNING = /^(?:(?:https?:)?\/\/|\.{0,2}\/)/i;

/** No address begins so: numbers, selectors, code, markup, text in quotes. */
const NO_BEGINNING = /^(?:[[\]{}()<>"'`#$]|\.[\w-])/;

/** Nothing but numbers and what parts them. */
const NUMBERS = /^[\d.,:;%x/+\s-]*$/i;

/** A candidate with its width or density, and then another one or the end. */
const DESCRIBED = /^\s*([^\s,][^\s]*)\s+\d+(?:\.\d+)?[wx]\s*(?:,|$)/;

/** Addresses one after the other, as galleries keep them. */
const LIST = /\.\w{3,5}\s*[,;|]\s*(?=(?:https?:)?\/\/|\.{0,2}\/)/i;

/** A scheme and a host without more. */
const HOST_ONLY = /^(?:https?:)?\/\/[^/?#]*\/?$/i;

/**
 * The images that such an attribute names, by the shape of its value: candidates, addresses that end
 * like an image, `url()`, `data:`; where its name speaks of an image also addresses without such an
 * ending. Pages keep anything in attributes (a colour, a number, JSON, a selector): none of that is one.
 */
export function lazyFiles(name: LazyName, value: string, isImage: boolean): ImageFiles {
  const text = value.trim();
  if (/^url\(/i.test(text)) return plainFiles(addressInCss(text), name);
  if (!/[./]/.test(text) && !name.isSet) return NO_FILES;
  if (NO_BEGINNING.test(text)) return NO_FILES;
  const candidates = candidatesIn(text, name);
  if (candidates.length > 0) return { plain: [], sized: candidates };
  const addresses = LIST.test(text) ? text.split(/\s*[,;|]\s*/) : [text];
  return plainFiles(
    addresses.filter((address) => isAddress(address, name, isImage)),
    name,
  );
}

function plainFiles(urls: readonly string[], { rank, isOther }: LazyName): ImageFiles {
  return { plain: urls.map((url) => ({ url, rank, isOther })), sized: [] };
}

/** Some scripts want the value as a style would have it. */
function addressInCss(value: string): readonly string[] {
  const [reference] = cssReferences(value);
  return reference === undefined ? [] : [reference.url];
}

function candidatesIn(text: string, { isSet }: LazyName): readonly Candidate[] {
  if (isSet) return parseSrcset(text);
  const first = DESCRIBED.exec(text)?.[1];
  return first !== undefined && looksLikeAddress(first) ? parseSrcset(text) : [];
}

function isAddress(text: string, name: LazyName, isImage: boolean): boolean {
  if (text.startsWith('data:')) return text.startsWith('data:image/');
  const kind = kindByName(text);
  if (kind === 'image') return isImageFile(text, name, isImage);
  if (kind === 'no-page' || HOST_ONLY.test(text)) return false;
  if (isImage && name.isSource) return looksLikeAddress(text);
  return name.isBackground && BEGINNING.test(text) && looksLikeAddress(text);
}

/** A bare name may be a caption: it is believed where the attribute speaks of an image. */
function isImageFile(text: string, name: LazyName, isImage: boolean): boolean {
  if (/[<>"{}]/.test(text)) return false;
  const hasFolder = BEGINNING.test(text);
  if (/\s/.test(text)) return hasFolder;
  return hasFolder || isImage || name.isSource || text.includes('/');
}

function looksLikeAddress(text: string): boolean {
  return /[./]/.test(text) && !/[\s{}[\]<>"'`|\\]/.test(text) && !NUMBERS.test(text);
}
