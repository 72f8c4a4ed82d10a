import { words } from '../model/words.ts';

/** Endings of the formats that are told apart by their bytes, and of their kin. */
const IMAGES: ReadonlySet<string> = words(
  'apng avif avifs bmp cur dib gif heic heif ico j2c j2k jfif jif jp2 jpe jpeg jpf jpg jpx jxl',
  'pjp pjpeg png svg svgz tif tiff webp',
);

/** Endings of what is neither a page nor an image: asking for it would be in vain. */
const NO_PAGES: ReadonlySet<string> = words(
  // archives and programs
  '7z apk bin bz2 cab crx deb dmg exe iso jar lz lzma msi pkg rar rpm tar tbz tgz txz whl xz zip zst',
  // sound and films
  '3gp aac aif aiff avi flac flv m4a m4v mid midi mkv mov mp3 mp4 mpeg mpg oga ogg ogv opus ts wav',
  'weba webm wma wmv',
  // documents of office programs and readers
  'doc docm docx dot dotx epub key mobi numbers odg odp ods odt pages pdf pot potx pps ppsx ppt pptx',
  'ps rtf xls xlsm xlsx',
  // fonts, scripts and data
  'css csv eot js json map mjs otf swf torrent ttf wasm woff woff2',
);

/** What a link to a file with this URL leads to, as far as its name says. */
export function kindByName(url: string): 'image' | 'no-page' | 'unknown' {
  const ending = endingOf(url);
  if (ending === undefined) return 'unknown';
  if (IMAGES.has(ending)) return 'image';
  return NO_PAGES.has(ending) ? 'no-page' : 'unknown';
}

/** In lower case, of the last segment of the path; of a relative URL as well. */
function endingOf(url: string): string | undefined {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  // `File:Cat.jpg` is how wikis name the page about a picture.
  if (dot === -1 || name.includes(':') || name.includes('%3A')) return undefined;
  const authority = path.indexOf('//');
  const isHost = authority !== -1 && path.lastIndexOf('/') === authority + 1;
  return isHost ? undefined : name.slice(dot + 1).toLowerCase();
}
