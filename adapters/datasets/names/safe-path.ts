import { markOf, safeSegment } from './safe-segment.ts';

/** Longest path below the folder of a data set, in UTF-16 units: Windows takes 260 with the folder. */
const MAX_UNITS = 180;
/** Most folders of a path. */
const MAX_FOLDERS = 8;
/** How files of images end: a folder that ends so could be where another image has its file. */
const LIKE_A_FILE =
  /\.(?:jpe?g|png|gif|webp|avif|heic|heif|svg|bmp|tiff?|ico|cur|jp2|j2c|j2k|jxl|bin)$/i;

/** A relative path of safe names: `folders` and the name of the file, which gets `ending`. */
export function safePath(folders: readonly string[], name: string, ending: string): string {
  const safe = folders.filter((text) => text !== '').map(folderName);
  const file = safeSegment(name, ending);
  const path = [...safe, file].join('/');
  if (path.length <= MAX_UNITS && safe.length <= MAX_FOLDERS) return path;
  const whole = [...folders, name].join('/');
  const [first = '_'] = safe;
  return [first, `~${markOf(whole)}`, file].join('/');
}

function folderName(text: string): string {
  const name = safeSegment(text);
  return LIKE_A_FILE.test(name) ? `${name}_` : name;
}
