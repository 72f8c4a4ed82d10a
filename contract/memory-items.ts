import * as z from 'zod';
import { DOCUMENT_KINDS } from '../core/model/document-kind.ts';
import { archivedExchange } from '../core/model/for-later-runs.ts';
import { OPT_OUTS } from '../core/model/opt-outs.ts';
import { PURPOSES } from '../core/model/purpose.ts';
import { keptFacts } from '../core/model/result.ts';
import type { KeptDocument, MemoryHead, Remembered } from '../core/ports/remembered.ts';
import { count } from './reason-counts.ts';

/** Of what layout entries are: a version leaves alone what it does not know. */
export const MEMORY_VERSION = 1;

/** What the entries of a pack share, as JSON. */
export const memoryHead = z.object({
  version: z.literal(MEMORY_VERSION),
  runId: z.string(),
  root: z.string().optional(),
  manner: z.object({
    headers: z.string(),
    ignoreRobots: z.boolean(),
    purposes: z.array(z.enum(PURPOSES)),
    token: z.string(),
    best: z.boolean().optional(),
  }),
  untilMs: z.number(),
  floor: count,
}) satisfies z.ZodType<MemoryHead>;

/** An entry as a line of JSON: its digest stands beside it. */
const memoryLine = z.object({
  seenMs: z.number(),
  freshForMs: z.number().optional(),
  keptMs: z.number(),
  keptIn: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  /** Where its document is. */
  document: z.string().optional(),
  facts: keptFacts,
  archived: archivedExchange.optional(),
  part: z
    .object({ file: z.string(), offset: count.optional(), length: count.optional() })
    .optional(),
});

/** The line of an entry. */
export function encodeRemembered({ digest: _, ...rest }: Remembered): string {
  return JSON.stringify(rest);
}

/** Reads such a line. */
export function parseRemembered(json: string, digest: string): Remembered {
  return { ...memoryLine.parse(JSON.parse(json)), digest };
}

const kind = z.enum(DOCUMENT_KINDS);

const keptDocument = z.object({
  document: z.object({
    kind,
    title: z.string().optional(),
    images: z.array(
      z.object({ url: z.string(), alt: z.string().optional(), title: z.string().optional() }),
    ),
    links: z.array(z.object({ url: z.string(), kind, isSequel: z.boolean().optional() })),
    notFollowed: count,
    canonical: z.string().optional(),
    optOut: z.string().optional(),
    isFeed: z.boolean().optional(),
    isCut: z.boolean(),
  }),
  optOut: z.enum(OPT_OUTS).optional(),
  nofollow: z.boolean(),
}) satisfies z.ZodType<KeptDocument>;

/** Reads what a document named. */
export function parseDocument(json: string): KeptDocument {
  return keptDocument.parse(JSON.parse(json));
}
