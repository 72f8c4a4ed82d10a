import * as z from 'zod';
import type { LeftOut } from '../core/model/find.ts';
import { findFacts, keptResult, type SettledResult } from '../core/model/result.ts';
import type { SettledUrl } from '../core/ports/ledger.ts';
import type { Fields } from './fields.ts';
import { count, reason } from './reason-counts.ts';

/** What workers left for the next delivery of a task. */
export const memoryItem = z.object({
  soloStarts: count.default(0),
  faults: count.default(0),
  registered: z.boolean().default(false),
  done: z.boolean().default(false),
});

/** A result without the run, which is in its key. */
export type ResultBody = Omit<SettledResult, 'runId'>;

/** Reads a line of a pack. */
export function parseResult(json: string): ResultBody {
  return keptResult.parse(JSON.parse(json));
}

/** What workers need of a line of a pack. */
const settledUrl = z.object({
  url: keptResult.shape.url,
  status: keptResult.shape.status,
  reason: keptResult.shape.reason,
  kind: keptResult.shape.kind,
  format: keptResult.shape.format,
  httpStatus: keptResult.shape.httpStatus,
  unchanged: keptResult.shape.unchanged,
  bytes: count.default(0),
  taskId: keptResult.shape.taskId,
  round: keptResult.shape.round,
} satisfies Fields<SettledUrl>);

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
  ...findFacts.shape,
} satisfies Fields<LeftOut & { url: string }>);

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
