import { type Command, Option } from 'commander';
import * as z from 'zod';
import { IMAGE_FORMATS, imageSettings } from '../../contract/run-settings.ts';
import { ENCODINGS, type ImageSettings, RESIZE_MODES } from '../../core/model/image-settings.ts';
import type { RunSettings } from '../../core/model/run.ts';
import { readCount } from './amounts.ts';

/** What a run does with its images, as it was typed. */
export const imageOptions = z.object({
  maxAspect: z.string().optional(),
  formats: z.string().optional(),
  resize: z.string().optional(),
  resizeMode: z.enum(RESIZE_MODES).optional(),
  upscale: z.boolean().optional(),
  encode: z.enum(ENCODINGS).optional(),
  quality: z.string().optional(),
  firstFrame: z.boolean().optional(),
  keepProfile: z.boolean().optional(),
  thumbnails: z.string().optional(),
  pdq: z.boolean().optional(),
  exif: z.boolean().optional(),
});

/** What was typed of it. */
export type TypedImages = Partial<z.output<typeof imageOptions>>;

/** Adds `--resize` and what belongs to it, and the filters for format and shape. */
export function addImageOptions(command: Command): Command {
  const usual = imageSettings.parse({});
  return command
    .option(
      '--max-aspect <n>',
      'leave out images whose longer side is more than n times the shorter one (default: 0, no limit)',
    )
    .option('--formats <names>', 'keep only images of these formats, as in jpeg,png (default: all)')
    .option('--resize <n>', 'resize images to n pixels, see --resize-mode')
    .addOption(
      new Option(
        '--resize-mode <mode>',
        `border (a padded square), keep-ratio (n is the shorter side), keep-ratio-largest (the longer side) or center-crop (default: ${usual.resizeMode})`,
      ).choices(RESIZE_MODES),
    )
    .option('--upscale', 'also enlarge images that are smaller than --resize')
    .addOption(
      new Option(
        '--encode <format>',
        `store images as jpeg, png, webp, avif or same (default: ${usual.encode})`,
      ).choices(ENCODINGS),
    )
    .option('--quality <n>', 'quality of jpeg, webp and avif, 1 to 100 (default: 90, avif 65)')
    .option('--first-frame', 'store only the first frame of an animation')
    .option('--keep-profile', 'keep colour profiles (default: convert to sRGB)')
    .option('--thumbnails <n>', 'also store a jpeg of at most n pixels for each image')
    .option('--pdq', 'add a perceptual hash to each result, see crawl duplicates')
    .option('--exif', 'add what EXIF, IPTC and XMP say to each result');
}

type ImageParts = Pick<RunSettings, 'maxAspect' | 'formats' | 'imageWork'>;

/** Reads what was typed; each problem is a line of its own. */
export function readImages(typed: TypedImages, problems: string[]): ImageParts {
  return {
    maxAspect: readAspect(typed.maxAspect, problems),
    formats: readFormats(typed.formats, problems),
    imageWork: readWork(typed, problems),
  };
}

function readAspect(text: string | undefined, problems: string[]): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : undefined;
  if (value === undefined || (value !== 0 && value < 1))
    problems.push(`--max-aspect: expected a number from 1, or 0 for no limit, got "${text}"`);
  return value;
}

function readFormats(text: string | undefined, problems: string[]): ImageParts['formats'] {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim().toLowerCase().replace(/^jpg$/, 'jpeg'));
  const known: ReadonlySet<string> = new Set(IMAGE_FORMATS);
  for (const name of names) {
    if (!known.has(name))
      problems.push(`--formats: expected names out of ${IMAGE_FORMATS.join(', ')}, got "${name}"`);
  }
  return [...new Set(names)];
}

function readWork(typed: TypedImages, problems: string[]): ImageSettings | undefined {
  const number = (flag: string, name: 'resize' | 'quality' | 'thumbnails') => {
    const text = typed[name];
    if (text === undefined) return undefined;
    const value = readCount(text);
    const { minValue, maxValue } = imageSettings.shape[name].unwrap();
    if (value !== undefined && imageSettings.shape[name].safeParse(value).success) return value;
    problems.push(
      `${flag}: expected a whole number from ${minValue} to ${maxValue}, got "${text}"`,
    );
    return undefined;
  };
  const { resizeMode, upscale, encode, firstFrame, keepProfile, pdq, exif } = typed;
  const given = {
    resize: number('--resize', 'resize'),
    resizeMode,
    upscale,
    encode,
    quality: number('--quality', 'quality'),
    firstFrame,
    keepProfile,
    thumbnails: number('--thumbnails', 'thumbnails'),
    pdq,
    exif,
  };
  if (Object.values(given).every((value) => value === undefined)) return undefined;
  if (typed.resize === undefined) {
    if (resizeMode !== undefined) problems.push('--resize-mode needs --resize');
    if (upscale === true) problems.push('--upscale needs --resize');
  }
  if (encode === 'png' && typed.quality !== undefined)
    problems.push('--quality: png has none, it is for jpeg, webp and avif');
  return imageSettings.parse(given);
}
