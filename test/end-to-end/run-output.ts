import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const count = z.int().min(0);

/** A line of `results.jsonl`: these fields and no other. */
const resultLine = z.strictObject({
  url: z.url(),
  status: z.enum(['succeeded', 'failed', 'skipped']),
  reason: z.string().nullable(),
  kind: z.enum(['page', 'style', 'sitemap', 'manifest']).optional(),
  finalUrl: z.url().optional(),
  httpStatus: z.int().optional(),
  contentType: z.string().optional(),
  format: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  frames: z.int().min(2).optional(),
  orientation: z.int().min(2).max(8).optional(),
  bytes: count.optional(),
  sha256: z.hash('sha256').optional(),
  file: z.string().optional(),
  // Absent where a find was left out.
  attempts: count.optional(),
  durationMs: z.number().min(0).optional(),
  fetchedAt: z.iso.datetime().optional(),
  depth: count.optional(),
  foundOn: z.url().optional(),
  foundOnPages: z.int().min(1).optional(),
  foundAs: z.string().optional(),
  alt: z.string().optional(),
  title: z.string().optional(),
  links: count.optional(),
  images: count.optional(),
  detail: z.string().optional(),
  rights: z
    .array(
      z.strictObject({
        signal: z.string(),
        where: z.string(),
        value: z.string(),
        positions: z.record(z.string(), z.enum(['allowed', 'reserved'])),
      }),
    )
    .max(8)
    .optional(),
});

/** A result as a person reads it. */
export type ResultLine = z.output<typeof resultLine>;

/** The results in a text of JSON lines. */
export function parseResults(jsonl: string): readonly ResultLine[] {
  if (jsonl === '') return [];
  if (!jsonl.endsWith('\n')) throw new Error('the last line is cut short');
  const lines = jsonl.slice(0, -1).split('\n');
  return lines.map((line) => resultLine.parse(JSON.parse(line)));
}

export async function readResults(path: string): Promise<readonly ResultLine[]> {
  return parseResults(await readFile(path, 'utf8'));
}

const summary = z.strictObject({
  runId: z.string(),
  state: z.enum(['seeding', 'running', 'stopped', 'done', 'cancelled']),
  source: z.string(),
  started: z.iso.datetime(),
  targets: count,
  succeeded: count,
  documents: z.int().min(1).optional(),
  failed: count,
  skipped: count,
  reasons: z.record(z.string(), z.int().min(1)),
  unusableLines: z.int().min(1).optional(),
  bytes: count,
  seconds: z.number().min(0),
  imagesPerSecond: z.number().min(0),
  out: z.string(),
});

/** What `run --json` prints: one object, and nothing before or behind it. */
export function parseSummary(stdout: string): z.output<typeof summary> {
  return summary.parse(JSON.parse(stdout));
}

/** What `status RUN --json` prints. */
export function parseStatus(stdout: string): z.output<typeof summary> {
  return summary.parse(JSON.parse(stdout));
}

/** What `status --json` prints, newest first. */
export function parseStatuses(stdout: string): readonly z.output<typeof summary>[] {
  return z.array(summary).parse(JSON.parse(stdout));
}

/** How many results ended in which way. */
export function tally(results: readonly ResultLine[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(results, ({ status, reason }) => reason ?? status);
  return Object.fromEntries([...groups].map(([name, group]) => [name, group.length]));
}
