import type { Metadata } from 'sharp';
import type { ImageToWork, ImageWorkEnd, Pdq } from '../../core/ports/image-work.ts';
import { imageMetadata } from './image-metadata.ts';
import { pdqOf } from './pdq.ts';
import { framesKept, openWithin, render, thumbnail } from './render.ts';

/** More frames are no picture to be worked on. */
const MAX_FRAMES = 1000;

/** A hash is made of all pixels at their full size, three bytes each: no more of them than this. */
const MAX_HASHED_PIXELS = 50_000_000;

/**
 * Works on one image in this process: a decoder that crashes takes the process along. Never rejects for
 * what the bytes are.
 */
export async function workImage(image: ImageToWork): Promise<ImageWorkEnd> {
  const exif = image.settings.exif ? await imageMetadata(image.bytes) : undefined;
  const made = await workPixels(image);
  if (made.kind === 'unfit' || exif === undefined) return made;
  return { ...made, exif };
}

/** Whether the settings ask for anything that needs pixels. */
function needsPixels({ resize, encode, quality, firstFrame, ...rest }: ImageToWork['settings']) {
  const isChanged =
    resize !== undefined || encode !== 'same' || quality !== undefined || firstFrame;
  return { isChanged, isNeeded: isChanged || rest.thumbnails !== undefined || rest.pdq };
}

async function workPixels(image: ImageToWork): Promise<ImageWorkEnd> {
  const { isChanged, isNeeded } = needsPixels(image.settings);
  if (!isNeeded) return { kind: 'done' };
  const { width, height } = image.facts;
  const frames = isChanged ? framesKept(image.settings, image.facts) : 1;
  // Checked before a decoder gets the bytes: it would count the frames of an endless animation first.
  const problem =
    frames > MAX_FRAMES
      ? `${frames} frames, image work takes ${MAX_FRAMES}`
      : tooManyPixels(width * height * frames, image.maxPixels);
  if (problem !== undefined) return unfit(isChanged, 'too-many-pixels', problem);
  const { default: sharp } = await import('sharp');
  // Threads of libvips are of no use where several images are worked on at once.
  sharp.concurrency(1);
  sharp.cache(false);
  let head: Metadata;
  try {
    head = await openWithin(sharp, image).metadata();
  } catch (error) {
    return unfit(isChanged, 'not-decodable', messageOf(error));
  }
  const all = tooManyPixels(head.width * head.height * frames, image.maxPixels);
  if (all !== undefined) return unfit(isChanged, 'too-many-pixels', all);
  try {
    const stored = isChanged ? await render(sharp, image, head) : undefined;
    return { kind: 'done', stored, ...(await besides(sharp, image, head)) };
  } catch (error) {
    return unfit(isChanged, 'not-decodable', messageOf(error));
  }
}

type SharpModule = typeof import('sharp')['default'];

async function besides(sharp: SharpModule, image: ImageToWork, head: Metadata) {
  const { settings } = image;
  const small =
    settings.thumbnails === undefined
      ? undefined
      : await thumbnail(sharp, image, settings.thumbnails);
  if (!settings.pdq) return { thumbnail: small };
  const problem = tooManyPixels(head.width * head.height, MAX_HASHED_PIXELS);
  if (problem !== undefined) return { thumbnail: small, problem: `no pdq: ${problem}` };
  return { thumbnail: small, pdq: await hashed(sharp, image) };
}

/** Of the pixels as they are stored, without orientation and profile, as the reference takes them. */
async function hashed(sharp: SharpModule, image: ImageToWork): Promise<Pdq> {
  const { data, info } = await openWithin(sharp, image, { ignoreIcc: true })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return pdqOf({ data: channels === 3 ? data : inThree(data), width, height });
}

/** Grey as red, green and blue. */
function inThree(grey: Uint8Array): Uint8Array {
  const all = new Uint8Array(3 * grey.length);
  for (const [at, value] of grey.entries()) all.fill(value, 3 * at, 3 * at + 3);
  return all;
}

/** An image that is kept as it came is kept also where nothing can be made of it. */
function unfit(
  isChanged: boolean,
  reason: 'too-many-pixels' | 'not-decodable',
  detail: string,
): ImageWorkEnd {
  if (isChanged) return { kind: 'unfit', reason, detail };
  return { kind: 'done', problem: `no image work: ${detail}` };
}

function tooManyPixels(pixels: number, limit: number): string | undefined {
  return pixels > limit ? `${pixels} pixels, image work takes ${limit}` : undefined;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}
