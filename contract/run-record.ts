import * as z from 'zod';
import type { Grouping } from '../core/hosts/host-group.ts';
import type {
  Checkpoint,
  PageSettings,
  RefererMode,
  RequestHeader,
  Run,
  Scope,
} from '../core/model/run.ts';
import { PURPOSES, type Purpose } from '../core/rights/purpose.ts';
import { problemOfHeader } from '../core/visit/parse-header.ts';
import { count, reasonCounts } from './reason-counts.ts';

const scope = z.enum(['host', 'domain', 'any']) satisfies z.ZodType<Scope>;
const patterns = z.array(z.string().min(1).max(1000)).max(100);

/** Which links a run follows: the limits of what a person may ask for. */
export const pageSettings = z.object({
  depth: z.int().min(0).max(1_000_000),
  scope,
  imageScope: scope,
  include: patterns,
  exclude: patterns,
  maxPages: z.int().min(1),
  maxChain: z.int().min(1),
  best: z.boolean(),
  sitemaps: z.boolean(),
}) satisfies z.ZodType<PageSettings>;

/** Most header fields that a run may send besides. */
export const MAX_HEADERS = 50;

/** What `Referer` tells. */
export const referer = z.enum(['page', 'site', 'none']) satisfies z.ZodType<RefererMode>;

/** What the images of a run are for, each use once. */
const purposes = z
  .array(z.enum(PURPOSES))
  .min(1)
  .transform((all) => [...new Set(all)]) satisfies z.ZodType<readonly Purpose[]>;

/** A header field that a run sends; a message of it never has its value. */
const requestHeader = z
  .object({ host: z.string().optional(), name: z.string(), value: z.string() })
  .superRefine((header, context) => {
    const message = problemOfHeader(header);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  }) satisfies z.ZodType<RequestHeader>;

/** How a run visits its targets: the limits of what a person may ask for. */
export const runSettings = z.object({
  attempts: z.int().min(1).max(10),
  timeoutMs: z.int().min(1).max(120_000),
  maxBytes: z.int().min(1).max(500_000_000),
  maxPixels: z.int().min(1).max(10_000_000_000),
  minWidth: z.int().min(0).max(1_000_000),
  minHeight: z.int().min(0).max(1_000_000),
  minBytes: z.int().min(0).max(500_000_000),
  perHost: z.int().min(1).max(64),
  delayMs: z.int().min(0).max(30_000),
  ratePerS: z.number().min(0).max(10_000),
  perAddress: z.boolean(),
  maxRedirects: z.int().min(0).max(20),
  userAgent: z.string().regex(/^[\x20-\x7e]+$/, 'expected printable ASCII'),
  referer: referer.optional(),
  headers: z.array(requestHeader).max(MAX_HEADERS).optional(),
  ignoreRobots: z.boolean(),
  purposes,
  tdmRep: z.boolean().optional(),
  maxUrls: z.int().min(0),
  maxTotalBytes: z.int().min(0),
  pages: pageSettings.optional(),
  allowPrivate: z.boolean().optional(),
  imagesFolder: z.string().optional(),
});

/** Settings as they are kept: runs that are older than a limit have what is usual today. */
const keptSettings = runSettings.extend({
  maxPixels: runSettings.shape.maxPixels.default(250_000_000),
  minWidth: runSettings.shape.minWidth.default(0),
  minHeight: runSettings.shape.minHeight.default(0),
  minBytes: runSettings.shape.minBytes.default(0),
  maxTotalBytes: runSettings.shape.maxTotalBytes.default(0),
  pages: pageSettings.extend({ maxChain: pageSettings.shape.maxChain.default(200) }).optional(),
  ratePerS: runSettings.shape.ratePerS.default(0),
  perAddress: runSettings.shape.perAddress.default(false),
  purposes: runSettings.shape.purposes.default([...PURPOSES]),
});

const seedList = z.object({
  name: z.string(),
  location: z.string(),
  format: z.enum(['text', 'csv', 'jsonl', 'targets']),
  field: z.string().optional(),
  gzip: z.boolean(),
  round: count,
});

const checkpoint = z.object({
  window: count,
  list: count,
  line: count,
  byte: count,
  tasks: count,
  targets: count,
  badLines: count,
  badSamples: z.array(z.string()),
}) satisfies z.ZodType<Checkpoint>;

/** How hosts are put into groups. */
export const grouping = z.object({
  groups: z.int().min(1),
  hostShards: z.record(z.string(), z.int().min(1).max(100)),
}) satisfies z.ZodType<Grouping>;

/** The record of a run. */
export const runItem = z.object({
  runId: z.string(),
  startedMs: z.number(),
  settings: keptSettings,
  lists: z.array(seedList),
  seeding: z.enum(['open', 'finished']),
  checkpoint,
  cancelled: z.boolean(),
  reseedTo: count.optional(),
  workedMs: count.optional(),
  resumedMs: z.number().optional(),
  superseded: reasonCounts,
  grouping: grouping.optional(),
}) satisfies z.ZodType<Run>;
