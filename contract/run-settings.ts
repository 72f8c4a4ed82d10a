import * as z from 'zod';
import { ENCODINGS, type ImageSettings, RESIZE_MODES } from '../core/model/image-settings.ts';
import { PURPOSES } from '../core/model/purpose.ts';
import type {
  ImageStorage,
  MemorySettings,
  OutputSettings,
  PageSettings,
  RequestHeader,
  RunSettings,
} from '../core/model/run.ts';
import { problemOfHeader } from '../core/visit/parse-header.ts';
import type { Fields } from './fields.ts';

const whole = (least: number, most?: number) =>
  z
    .int()
    .min(least)
    .max(most ?? Number.MAX_SAFE_INTEGER);
const scope = z.enum(['host', 'domain', 'any']);
const patterns = z.array(z.string().min(1).max(1000)).max(100).readonly();

/** Which links a run follows: the limits of what a person may ask for. */
export const pageSettings = z.object({
  depth: whole(0, 1_000_000),
  scope,
  imageScope: scope,
  include: patterns,
  exclude: patterns,
  maxPages: whole(1),
  maxChain: whole(1),
  best: z.boolean(),
  sitemaps: z.boolean(),
} satisfies Fields<PageSettings>);

/** What a run takes from earlier ones: the limits of what a person may ask for. */
export const memorySettings = z.object({
  days: whole(1, 3650),
  ask: z.enum(['stale', 'all', 'new']),
  maxAgeMs: whole(0).optional(),
} satisfies Fields<MemorySettings>);

/** Most header fields that a run may send besides. */
export const MAX_HEADERS = 50;

/** What the images of a run are for, each use once. */
const purposes = z
  .array(z.enum(PURPOSES))
  .min(1)
  .transform((all) => [...new Set(all)]);

/** A header field that a run sends; a message of it never has its value. */
const requestHeader = z
  .object({
    host: z.string().optional(),
    name: z.string(),
    value: z.string(),
  } satisfies Fields<RequestHeader>)
  .superRefine((header, context) => {
    const message = problemOfHeader(header);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** Which data set a run is written as: the limits of what a person may ask for. */
export const outputSettings = z.object({
  format: z.enum(['files', 'webdataset', 'warc']).optional(),
  table: z.enum(['jsonl', 'csv', 'parquet']).optional(),
  caption: z.string().min(1).max(500).optional(),
  shardSize: whole(1, 1_000_000),
  names: z.string().min(1).max(500),
  croissant: z.boolean(),
} satisfies Fields<OutputSettings>);

/** Formats that are told by their bytes, and that a run may be limited to. */
export const IMAGE_FORMATS = [
  'jpeg',
  'png',
  'gif',
  'webp',
  'avif',
  'svg',
  'heic',
  'heif',
  'tiff',
  'bmp',
  'ico',
  'cur',
  'jxl',
  'jp2',
  'j2c',
] as const;

/** What a run does with pixels and metadata: the limits of what a person may ask for. */
export const imageSettings = z.object({
  resize: whole(1, 16_384).optional(),
  resizeMode: z.enum(RESIZE_MODES).default('keep-ratio-largest'),
  upscale: z.boolean().default(false),
  encode: z.enum(ENCODINGS).default('same'),
  quality: whole(1, 100).optional(),
  firstFrame: z.boolean().default(false),
  keepProfile: z.boolean().default(false),
  thumbnails: whole(16, 2048).optional(),
  pdq: z.boolean().default(false),
  exif: z.boolean().default(false),
} satisfies Fields<ImageSettings>);

/** How images are put into a bucket. */
export const imageStorage = z.enum(['objects', 'shards']) satisfies z.ZodType<ImageStorage>;

/** How a run visits its targets: the limits of what a person may ask for. */
export const runSettings = z.object({
  attempts: whole(1, 10),
  timeoutMs: whole(1, 120_000),
  maxBytes: whole(1, 500_000_000),
  maxPixels: whole(1, 10_000_000_000),
  minWidth: whole(0, 1_000_000),
  minHeight: whole(0, 1_000_000),
  minBytes: whole(0, 500_000_000),
  maxAspect: z.number().min(0).max(1_000_000).optional(),
  formats: z.array(z.enum(IMAGE_FORMATS)).min(1).readonly().optional(),
  imageWork: imageSettings.optional(),
  perHost: whole(1, 64),
  delayMs: whole(0, 30_000),
  ratePerS: z.number().min(0).max(10_000),
  perAddress: z.boolean(),
  maxRedirects: whole(0, 20),
  userAgent: z.string().regex(/^[\x20-\x7e]+$/, 'expected printable ASCII'),
  referer: z.enum(['page', 'site', 'none']).optional(),
  ignoreRobots: z.boolean(),
  purposes,
  tdmRep: z.boolean().optional(),
  maxCrawlDelayMs: whole(0, 900_000).optional(),
  credentialUrls: z.boolean().optional(),
  maxUrls: whole(0),
  maxTotalBytes: whole(0),
  maxCost: z.number().min(0).max(1_000_000).optional(),
  memory: memorySettings.optional(),
  pages: pageSettings.optional(),
  headers: z.array(requestHeader).max(MAX_HEADERS).optional(),
  allowPrivate: z.boolean().optional(),
  imagesFolder: z.string().optional(),
  output: outputSettings.optional(),
  archive: z.boolean().optional(),
  imageStorage: imageStorage.optional(),
} satisfies Fields<RunSettings>);
