import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';

/** Media types of the formats that browsers show. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['avif', 'image/avif'],
  ['svg', 'image/svg+xml'],
  ['bmp', 'image/bmp'],
  ['ico', 'image/x-icon'],
]);

/** More than this is much for a reader's memory, in pixels. */
const MAX_SHOWN_PIXELS = 40_000_000;

/** The media type of a format; undefined where browsers do not show it. */
export function mediaTypeOf(format: string): string | undefined {
  return MEDIA_TYPES.get(format);
}

/** Whether a browser can show the picture as a thumbnail. */
export function isShown({ format = '', width = 0, height = 0 }: Partial<ResultLine>): boolean {
  return MEDIA_TYPES.has(format) && width * height <= MAX_SHOWN_PIXELS;
}
