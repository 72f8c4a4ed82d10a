import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { resultFields } from '../../core/model/result.ts';
import type { Ended } from './crawl-process.ts';

const count = z.int().min(0);

/** A line of `results.jsonl`: these fields and no other, and stricter than they are kept. */
const resultLine = z.strictObject({
  ...resultFields.partial().shape,
  url: z.url(),
  status: resultFields.shape.status,
  reason: resultFields.shape.reason,
  finalUrl: z.url().optional(),
  frames: z.int().min(2).optional(),
  orientation: z.int().min(2).max(8).optional(),
  sha256: z.hash('sha256').optional(),
  durationMs: z.number().min(0).optional(),
  fetchedAt: z.iso.datetime().optional(),
  foundOn: z.url().optional(),
  foundOnPages: z.int().min(1).optional(),
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
  state: z.enum(['seeding', 'running', 'stopped', 'done', 'cancelled', 'over-budget']),
  source: z.string(),
  started: z.iso.datetime(),
  targets: count,
  succeeded: count,
  documents: z.int().min(1).optional(),
  unchanged: count.optional(),
  savedBytes: count.optional(),
  failed: count,
  skipped: count,
  reasons: z.record(z.string(), z.int().min(1)),
  unusableLines: z.int().min(1).optional(),
  hostOrders: z.record(z.string(), z.unknown()).optional(),
  bytes: count,
  seconds: z.number().min(0),
  imagesPerSecond: z.number().min(0),
  estimatedCost: z.number().positive().optional(),
  maxCost: z.number().positive().optional(),
  out: z.string(),
});

/** What `run --json` prints: one object, and nothing before or behind it. */
export function parseSummary(ended: Ended): z.output<typeof summary> {
  return summary.parse(printedJson(ended));
}

/** What `status RUN --json` prints. */
export function parseStatus(ended: Ended): z.output<typeof summary> {
  return summary.parse(printedJson(ended));
}

/** What `status --json` prints, newest first. */
export function parseStatuses(ended: Ended): readonly z.output<typeof summary>[] {
  return z.array(summary).parse(printedJson(ended));
}

/** The JSON that a command printed; throws with all that it printed when that is something else. */
function printedJson({ code, stdout, stderr }: Ended): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`expected JSON; exit code ${code}, the command printed:\n${stdout}${stderr}`);
  }
}

/** How many results ended in which way. */
export function tally(results: readonly ResultLine[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(results, ({ status, reason }) => reason ?? status);
  return Object.fromEntries([...groups].map(([name, group]) => [name, group.length]));
}
