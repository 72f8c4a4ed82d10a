import * as z from 'zod';
import type { Status } from '../core/model/outcome.ts';
import type { SettledResult } from '../core/model/result.ts';
import type { LeftOut, SettledUrl } from '../core/ports/ledger.ts';
import { PURPOSES } from '../core/rights/purpose.ts';
import { MAX_EVIDENCE, SIGNALS, type Statement } from '../core/rights/statement.ts';
import { count, reason, reasonCounts } from './reason-counts.ts';

const status = z.enum(['succeeded', 'failed', 'skipped']) satisfies z.ZodType<Status>;

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
