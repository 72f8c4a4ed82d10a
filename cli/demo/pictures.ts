import { readFile } from 'node:fs/promises';

const CONTENT_TYPES = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
} as const;

/** A format of the demo's pictures, by the ending of its files. */
export type PictureFormat = keyof typeof CONTENT_TYPES;

/** A picture as it is served. */
export interface Picture {
  readonly format: PictureFormat;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** The pictures there are: picture n is the file `pictures/n.FORMAT`. */
export const PICTURE_FORMATS: readonly PictureFormat[] = [
  ...(['jpg', 'png', 'gif', 'webp', 'avif', 'svg', 'jpg', 'png', 'gif', 'webp'] as const),
  ...(['jpg', 'png', 'webp'] as const),
];

/** Picture n, read from its file. Throws a RangeError when there is none of that number. */
export async function readPicture(n: number): Promise<Picture> {
  const format = PICTURE_FORMATS[n];
  if (format === undefined) {
    throw new RangeError(`picture ${n}: expected 0 to ${PICTURE_FORMATS.length - 1}`);
  }
  const bytes = await readFile(new URL(`pictures/${n}.${format}`, import.meta.url));
  return { format, contentType: CONTENT_TYPES[format], bytes };
}
