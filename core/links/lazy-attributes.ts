import { cssReferences } from './css-references.ts';
import { kindByName } from './file-names.ts';

/** One address each; the image of an `img` until a script puts it into `src`. */
const ADDRESSES: ReadonlySet<string> = new Set([
  ...['data-src', 'data-original', 'data-original-src', 'data-orig-file', 'data-actualsrc'],
  ...['data-lazy', 'data-lazy-src', 'data-lazysrc', 'data-lazyload', 'data-ll-src', 'data-cfsrc'],
  ...['data-hi-res-src', 'data-hires', 'data-highres', 'data-retina', 'data-at2x', 'data-rjs'],
  ...['data-full', 'data-full-src', 'data-full-url', 'data-large', 'data-large-src'],
  ...['data-large-file', 'data-large_image', 'data-zoom', 'data-zoom-image', 'data-zoom-src'],
  ...['data-echo', 'data-url', 'data-image', 'data-img', 'data-image-src', 'data-img-src'],
  ...['data-src-retina', 'data-fallback-src', 'data-thumb', 'data-thumbnail', 'data-medium-file'],
]);

/** One address each: what a script paints behind an element, or shows before its film. */
const BACKGROUNDS: ReadonlySet<string> = new Set([
  ...['data-bg', 'data-bg-src', 'data-bg-image', 'data-background', 'data-background-image'],
  ...['data-lazy-bg', 'data-poster', 'data-lazy-background'],
]);

/** Candidates, written as in `srcset`. */
export const LAZY_SETS: readonly string[] = [
  ...['data-srcset', 'data-lazy-srcset', 'data-original-set', 'data-bgset', 'data-src-set'],
];

/** Names of attributes of scripts that load images late: those in common use. */
export const LAZY_ATTRIBUTES: ReadonlySet<string> = new Set([...ADDRESSES, ...BACKGROUNDS]);

/**
 * The address that such an attribute names. Pages use the same names for other things (a colour, a
 * number, `true`): of an image element what looks like an address is believed, of another element
 * what must be one, and where the name does not speak of images only what ends like an image.
 */
export function lazyAddress(name: string, value: string, isImage: boolean): string | undefined {
  const address = value.trim();
  if (/^url\(/i.test(address)) return addressInCss(address);
  if (address.startsWith('data:image/') || kindByName(address) === 'image') return address;
  if (name === 'data-url') return undefined;
  const isBelieved = isImage ? looksLikeAddress(address) : isBackground(name, address);
  return isBelieved ? address : undefined;
}

/** Some scripts want the value as a style would have it. */
function addressInCss(value: string): string | undefined {
  const [reference] = cssReferences(value);
  return reference?.url;
}

function looksLikeAddress(text: string): boolean {
  return /[./]/.test(text) && !/[\s{}[\]]/.test(text);
}

function isBackground(name: string, address: string): boolean {
  return BACKGROUNDS.has(name) && /^(?:https?:|\.{0,2}\/)/i.test(address);
}
