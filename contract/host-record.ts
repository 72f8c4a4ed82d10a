import * as z from 'zod';
import type { HostRecord } from '../core/model/host-record.ts';
import type { RobotsCopy } from '../core/model/robots-rules.ts';
import type { TdmCopy } from '../core/model/tdm-rules.ts';
import { count, reason } from './reason-counts.ts';

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
