import { PICTURE_FORMATS } from '../cli/demo/pictures.ts';

/** The path of distinct picture `index`: the formats take turns as the demo's pictures do. */
export function picturePath(index: number): string {
  const format = PICTURE_FORMATS[index % PICTURE_FORMATS.length];
  return `/img/${String(index).padStart(6, '0')}.${format}`;
}
