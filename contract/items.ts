import * as z from 'zod';
import type { Grouping } from '../core/hosts/host-group.ts';
import type { HostRecord } from '../core/hosts/host-record.ts';
import { isReason, type Reason, type Status } from '../core/outcome.ts';
import { problemOfHeader } from '../core/parse-header.ts';
import type { LeftOut, SettledUrl } from '../core/ports/ledger.ts';
import type { SettledResult } from '../core/result.ts';
import { PURPOSES, type Purpose } from '../core/rights/purpose.ts';
import { MAX_EVIDENCE, SIGNALS, type Statement } from '../core/rights/statement.ts';
import type { TdmCopy } from '../core/rights/tdm-copy.ts';
import type { RobotsCopy } from '../core/robots/robots-copy.ts';
import type {
  Checkpoint,
  PageSettings,
  RefererMode,
  RequestHeader,
  Run,
  Scope,
} from '../core/run.ts';

const status = z.enum(['succeeded', 'failed', 'skipped']) satisfies z.ZodType<Status>;
const reason = z.string().refine((text): text is Reason => isReason(text), 'expected a reason');
const count = z.int().min(0);

/** Counts by reason. */
const reasonCounts = z.record(z.string(), count).transform((counts) => {
  const known: Partial<Record<Reason, number>> = {};
  for (const [name, value] of Object.entries(counts)) if (isReason(name)) known[name] = value;
  return known;
});

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

/** What the sums read of a task. */
export const taskItem = z.object({
  sk: z.string(),
  targets: count.default(0),
  registered: z.boolean().default(false),
  done: z.boolean().default(false),
  succeeded: count.default(0),
  failed: count.default(0),
  skipped: count.default(0),
  reasons: reasonCounts.default({}),
  bytes: count.default(0),
  documents: count.default(0),
  elsewhere: count.default(0),
  updatedMs: z.number().default(0),
});

/** What workers left for the next delivery of a task. */
export const memoryItem = z.object({
  soloStarts: count.default(0),
  faults: count.default(0),
  registered: z.boolean().default(false),
  done: z.boolean().default(false),
});

/** What a result or a left-out URL says of how it was found. */
const findFields = {
  kind: z.enum(['page', 'style', 'sitemap', 'manifest']).optional(),
  depth: count.optional(),
  foundOn: z.string().optional(),
  foundAs: z.string().optional(),
  alt: z.string().optional(),
  title: z.string().optional(),
};

const position = z.enum(['allowed', 'reserved']);

/** What an owner says, as evidence. */
const statement = z.object({
  signal: z.enum(SIGNALS),
  where: z.string(),
  value: z.string(),
  positions: z.partialRecord(z.enum(PURPOSES), position),
}) satisfies z.ZodType<Statement>;

/** What is known of an image, and of how it was asked for. */
export const imageFacts = z.object({
  finalUrl: z.string().optional(),
  httpStatus: z.int().optional(),
  contentType: z.string().optional(),
  format: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  frames: count.optional(),
  orientation: z.int().optional(),
  bytes: count.optional(),
  sha256: z.string().optional(),
  file: z.string().optional(),
  detail: z.string().optional(),
  rights: z.array(statement).max(MAX_EVIDENCE).optional(),
  extra: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** What a result says, as a line of JSON in its pack. */
const resultBody = z.object({
  url: z.string(),
  status,
  reason: reason.nullable(),
  ...findFields,
  links: count.optional(),
  images: count.optional(),
  sightings: z.string().optional(),
  ...imageFacts.shape,
  attempts: count,
  durationMs: z.number(),
  fetchedAt: z.string(),
  taskId: z.string(),
  round: count,
}) satisfies z.ZodType<Omit<SettledResult, 'runId'>>;

/** A result without the run, which is in its key. */
export type ResultBody = z.output<typeof resultBody>;

/** Reads a line of a pack. */
export function parseResult(json: string): ResultBody {
  return resultBody.parse(JSON.parse(json));
}

/** What workers need of a line of a pack. */
const settledUrl = resultBody
  .pick({ url: true, status: true, reason: true, kind: true, format: true })
  .extend({
    bytes: count.default(0),
    taskId: z.string(),
    round: count,
  }) satisfies z.ZodType<SettledUrl>;

/** Reads so much of it. */
export function parseSettled(json: string): SettledUrl {
  return settledUrl.parse(JSON.parse(json));
}

/** The line of a result: the run is in the key of its pack. */
export function encodeResult({ runId: _, ...result }: SettledResult): string {
  return JSON.stringify(result);
}

/** What is counted of a group. */
export const holdItem = z.object({
  /** Times that it was entered. */
  hold: count.default(0),
  /** The place up to which its index covers its log, as text. */
  upTo: z.string().optional(),
});

const leftOutBody = z.object({
  url: z.string(),
  reason,
  detail: z.string().optional(),
  ...findFields,
}) satisfies z.ZodType<LeftOut & { url: string }>;

/** A URL that was found and left out. */
export type LeftOutBody = z.output<typeof leftOutBody>;

/** Reads an item's `leftOut`. */
export function parseLeftOut(json: string): LeftOutBody {
  return leftOutBody.parse(JSON.parse(json));
}

/** The sums of what was taken into a run. */
export const takenItem = z.object({
  pages: count.default(0),
  urls: count.default(0),
  bytes: count.default(0),
  seeds: count.default(0),
});

const robotsRule = z.tuple([z.string(), count]).readonly();

const rightsRule = z.object({
  signal: z.enum(['content-usage', 'content-signal']),
  path: z.string(),
  value: z.string(),
});

const tdmCopy = z.object({
  rules: z.array(
    z.object({
      location: z.string(),
      reservation: z.literal([0, 1]).optional(),
      policy: z.string().optional(),
    }),
  ),
  askAgainAtMs: z.number(),
}) satisfies z.ZodType<TdmCopy>;

const robotsCopy = z.object({
  answer: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('rules'),
      rules: z.object({
        allow: z.array(robotsRule),
        disallow: z.array(robotsRule),
        crawlDelayMs: z.number().optional(),
        sitemaps: z.array(z.string()),
        rights: z.array(rightsRule).optional(),
        license: z.string().optional(),
      }),
    }),
    z.object({ kind: z.literal('unavailable') }),
    z.object({ kind: z.literal('unreachable') }),
  ]),
  answeredAtMs: z.number(),
  askAgainAtMs: z.number(),
}) satisfies z.ZodType<RobotsCopy>;

const hostRecord = z.object({
  nextStartMs: z.number(),
  pausedUntilMs: z.number(),
  pauses: count,
  reason: reason.nullable(),
  detail: z.string().optional(),
  answeredMs: z.number(),
  failedContacts: z.record(z.string(), count),
  robots: z.record(z.string(), robotsCopy),
  tdm: z.record(z.string(), tdmCopy).optional(),
}) satisfies z.ZodType<HostRecord>;

/** Reads what an item keeps of a host; undefined when it is not what is written here. */
export function parseHostRecord(json: string): HostRecord | undefined {
  try {
    return hostRecord.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
