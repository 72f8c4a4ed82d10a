import type { Metadata, Sharp, SharpOptions } from 'sharp';
import type { ImageSettings } from '../../core/model/image-settings.ts';
import type { ImageToWork, MadeImage } from '../../core/ports/image-work.ts';
import type { ImageFacts } from '../../core/ports/images.ts';
import { isSame, type Resizing, resizingOf } from './target-size.ts';

type OpenImage = (bytes: Uint8Array, options: SharpOptions) => Sharp;

/** Formats that can be written. */
type Written = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

/** The formats that images keep with `same`; of others png loses nothing. */
const KEPT: Readonly<Record<string, Written>> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
  tiff: 'tiff',
};

/** Those that hold several frames. */
const ANIMATED: ReadonlySet<Written> = new Set(['gif', 'webp']);

/** Default quality: hardly different from the original. */
const QUALITY: Readonly<Record<'jpeg' | 'webp' | 'avif', number>> = {
  jpeg: 90,
  webp: 90,
  avif: 65,
};

/** What shows through transparent pixels where a format has none, and around an image in a border. */
const BACKGROUND = { r: 255, g: 255, b: 255, alpha: 1 };

/** libvips gives up after so many seconds of one image. */
const TIMEOUT_S = 10;

/** Opens bytes for decoding within the limits of an image. */
export function openWithin(
  sharp: OpenImage,
  { bytes, maxPixels }: ImageToWork,
  options: SharpOptions = {},
): Sharp {
  const limits: SharpOptions = {
    limitInputPixels: maxPixels,
    limitInputChannels: 5,
    failOn: 'error',
    sequentialRead: true,
    unlimited: false,
  };
  return sharp(bytes, { ...limits, ...options }).timeout({ seconds: TIMEOUT_S });
}

/** What the settings make of an image; undefined where they leave it as it is. */
export async function render(
  sharp: OpenImage,
  image: ImageToWork,
  head: Metadata,
): Promise<MadeImage | undefined> {
  const { settings, facts } = image;
  const format = writtenAs(settings, facts.format);
  const { width, height } = head.autoOrient;
  const { resize, resizeMode, upscale } = settings;
  const from = { width, height };
  const resizing =
    resize === undefined
      ? ({ scaled: from, by: 'width', final: from } as const)
      : resizingOf(from, resize, resizeMode, upscale);
  const frames = framesKept(settings, facts);
  const isUpright = (head.orientation ?? 1) === 1;
  const isChanged =
    format !== facts.format ||
    !isSame(from, resizing) ||
    !isUpright ||
    (settings.firstFrame && (facts.frames ?? 1) > 1) ||
    (head.icc !== undefined && !settings.keepProfile) ||
    settings.quality !== undefined;
  if (!isChanged) return undefined;
  const animated = frames > 1;
  const open = openWithin(sharp, image, { animated }).autoOrient();
  const laid = layOut(open, resizing, format === 'jpeg');
  return write(settings.keepProfile ? laid.keepIccProfile() : laid, format, settings.quality);
}

/** A small image of the first frame, of `side` pixels at most on its longer side. */
export async function thumbnail(
  sharp: OpenImage,
  image: ImageToWork,
  side: number,
): Promise<MadeImage> {
  const small = openWithin(sharp, image)
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: BACKGROUND });
  return write(small, 'jpeg', 80);
}

/** Frames of an image that are decoded and written. */
export function framesKept(settings: ImageSettings, { format, frames = 1 }: ImageFacts): number {
  return !settings.firstFrame && ANIMATED.has(writtenAs(settings, format)) ? frames : 1;
}

function writtenAs({ encode }: ImageSettings, format: string): Written {
  return encode === 'same' ? (KEPT[format] ?? 'png') : encode;
}

function layOut(open: Sharp, { scaled, by, final }: Resizing, isOpaque: boolean): Sharp {
  const opaque = isOpaque ? open.flatten({ background: BACKGROUND }) : open;
  const sized = opaque.resize({ [by]: scaled[by] });
  const right = final.width - scaled.width;
  const bottom = final.height - scaled.height;
  if (right > 0 || bottom > 0) {
    const left = Math.floor(Math.max(0, right) / 2);
    const top = Math.floor(Math.max(0, bottom) / 2);
    return sized.extend({
      left,
      top,
      right: Math.max(0, right) - left,
      bottom: Math.max(0, bottom) - top,
      background: BACKGROUND,
    });
  }
  if (right === 0 && bottom === 0) return sized;
  const left = Math.round(-right / 2);
  const top = Math.round(-bottom / 2);
  return sized.extract({ left, top, width: final.width, height: final.height });
}

async function write(image: Sharp, format: Written, quality?: number): Promise<MadeImage> {
  const { data, info } = await encoded(image, format, quality).toBuffer({
    resolveWithObject: true,
  });
  return { bytes: data, format, width: info.width, height: info.pageHeight ?? info.height };
}

function encoded(image: Sharp, format: Written, quality: number | undefined): Sharp {
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality: quality ?? QUALITY.jpeg });
    case 'webp':
      return image.webp({ quality: quality ?? QUALITY.webp });
    case 'avif':
      return image.avif({ quality: quality ?? QUALITY.avif });
    case 'png':
      return image.png();
    case 'gif':
      return image.gif();
    case 'tiff':
      return image.tiff({ compression: 'lzw' });
  }
}
