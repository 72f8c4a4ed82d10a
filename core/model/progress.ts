import { isOverBudget, NANODOLLARS } from './budget.ts';
import type { DocumentKind } from './document-kind.ts';
import { REASON_NAMES, type Reason, type Status, verdictOf } from './outcome.ts';
import type { Run } from './run.ts';

/** Sums over settled targets. */
export interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
  readonly bytes: number;
  /** Of those that succeeded the ones that are no images: pages, style sheets, sitemaps. */
  readonly documents: number;
  /** Of those that succeeded the pictures that earlier runs have, too; absent where nothing is of earlier runs. */
  readonly unchanged?: number;
  /** What was not downloaded since earlier runs have it, decoded; absent likewise. */
  readonly savedBytes?: number;
}

/** How far one task has come. Absolute, so writing it again changes nothing. */
export interface TaskProgress {
  readonly runId: string;
  readonly taskId: string;
  readonly group: string;
  /** Targets that were put into the task. */
  readonly targets: number;
  readonly counts: Counts;
  /** Targets another task answers for: duplicates, and what was cut out into a new task. */
  readonly elsewhere: number;
  readonly done: boolean;
  /** Milliseconds since 1970. */
  readonly updatedMs: number;
}

/** What the ledger sums of a run's tasks. */
export interface TaskSums {
  readonly counts: Counts;
  readonly elsewhere: number;
  readonly doneTasks: number;
  /** Tasks that the seeder did not make, and the targets in them. */
  readonly registeredTasks: number;
  readonly registeredTargets: number;
  /** Latest change, in milliseconds since 1970; 0 when there is none. */
  readonly updatedMs: number;
}

/** One word for where a run stands. */
export type RunState = 'seeding' | 'running' | 'done' | 'cancelled' | 'over-budget';

/** How far a run has come: the sum over its tasks. */
export interface RunProgress extends Counts {
  readonly runId: string;
  readonly state: RunState;
  /** Distinct targets known so far. */
  readonly targets: number;
  /** No seeding and no task is open. */
  readonly ended: boolean;
  /** Time worked until the last settled target, in seconds: not the time that it was stopped. */
  readonly seconds: number;
  readonly badLines: number;
  readonly badSamples: readonly string[];
  /** Estimated cost so far in US dollars; absent where nothing was counted. */
  readonly cost?: number;
}

export const NO_COUNTS: Counts = {
  succeeded: 0,
  failed: 0,
  skipped: 0,
  documents: 0,
  reasons: {},
  bytes: 0,
};

/** Two sums as one. */
export function addCounts(a: Counts, b: Counts): Counts {
  const both: Counts = {
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    reasons: mergeReasons(a.reasons, b.reasons, 1),
    bytes: a.bytes + b.bytes,
    documents: a.documents + b.documents,
  };
  const unchanged = (a.unchanged ?? 0) + (b.unchanged ?? 0);
  const savedBytes = (a.savedBytes ?? 0) + (b.savedBytes ?? 0);
  // Nearly always nothing: what is kept of a task has no fields for it then.
  if (unchanged + savedBytes === 0) return both;
  return { ...both, unchanged, savedBytes };
}

/** What the sums need of a result. */
interface CountedResult {
  readonly status: Status;
  readonly reason: Reason | null;
  readonly bytes?: number;
  readonly kind?: DocumentKind;
  readonly format?: string;
  readonly httpStatus?: number;
  readonly unchanged?: boolean;
}

/** A sum with one more settled target. */
export function countResult(counts: Counts, result: CountedResult): Counts {
  const reasons = result.reason === null ? {} : { [result.reason]: 1 };
  // A link to a picture was expected to be a page, but by its format it is an image.
  const isDocument =
    result.kind !== undefined && result.format === undefined && result.status === 'succeeded';
  const one = {
    ...NO_COUNTS,
    [result.status]: 1,
    reasons,
    bytes: isSaved(result) ? 0 : (result.bytes ?? 0),
    documents: isDocument ? 1 : 0,
    unchanged: result.unchanged === true && result.format !== undefined ? 1 : 0,
    savedBytes: isSaved(result) ? (result.bytes ?? 0) : 0,
  };
  return addCounts(counts, one);
}

/** Whether a result has bytes that were not downloaded for it. */
export function isSaved({ reason, unchanged, httpStatus }: CountedResult): boolean {
  return reason === 'known' || (unchanged === true && httpStatus === 304);
}

/** Targets that have an outcome. */
export function settledOf({
  succeeded,
  failed,
  skipped,
}: Pick<Counts, 'succeeded' | 'failed' | 'skipped'>): number {
  return succeeded + failed + skipped;
}

/** The state of a run from its record, the sum over its tasks, and its cost in billionths of a dollar. */
export function progressOf(run: Run, sums: TaskSums, nanodollars = 0): RunProgress {
  const tasks = run.checkpoint.tasks + sums.registeredTasks;
  const ended = run.seeding === 'finished' && sums.doneTasks >= tasks;
  const counts = withoutSuperseded(sums.counts, run.superseded);
  const settled = settledOf(counts);
  const known = run.checkpoint.targets + sums.registeredTargets - sums.elsewhere - superseded(run);
  return {
    ...counts,
    runId: run.runId,
    state: stateOf(run, ended, nanodollars),
    targets: ended ? settled : Math.max(known, settled),
    ended,
    seconds: workedMs(run, sums.updatedMs) / 1000,
    badLines: run.checkpoint.badLines,
    badSamples: run.checkpoint.badSamples,
    cost: nanodollars > 0 ? nanodollars / NANODOLLARS : undefined,
  };
}

/** The progress of a run that has ended, with what was found and left out of it. */
export function addLeftOut(progress: RunProgress, reasons: Counts['reasons']): RunProgress {
  const count = Object.values(reasons).reduce((sum, one) => sum + one, 0);
  return {
    ...progress,
    targets: progress.targets + count,
    skipped: progress.skipped + count,
    reasons: mergeReasons(progress.reasons, reasons, 1),
  };
}

function workedMs({ workedMs: before = 0, resumedMs, startedMs }: Run, updatedMs: number): number {
  return before + Math.max(0, updatedMs - (resumedMs ?? startedMs));
}

function stateOf(run: Run, ended: boolean, nanodollars: number): RunState {
  if (run.cancelled) return 'cancelled';
  if (ended) return 'done';
  if (isOverBudget(run, nanodollars)) return 'over-budget';
  return run.seeding === 'open' ? 'seeding' : 'running';
}

function superseded(run: Run): number {
  return Object.values(run.superseded).reduce((sum, count) => sum + count, 0);
}

function withoutSuperseded(counts: Counts, gone: Run['superseded']): Counts {
  const lost = { failed: 0, skipped: 0 };
  for (const reason of REASON_NAMES) lost[verdictOf(reason).status] += gone[reason] ?? 0;
  return {
    ...counts,
    failed: counts.failed - lost.failed,
    skipped: counts.skipped - lost.skipped,
    reasons: mergeReasons(counts.reasons, gone, -1),
  };
}

function mergeReasons(a: Counts['reasons'], b: Counts['reasons'], sign: 1 | -1): Counts['reasons'] {
  // Nearly always: a result that succeeded has none.
  if (Object.keys(b).length === 0) return a;
  const sums: Partial<Record<Reason, number>> = {};
  for (const reason of REASON_NAMES) {
    const sum = (a[reason] ?? 0) + sign * (b[reason] ?? 0);
    if (sum !== 0) sums[reason] = sum;
  }
  return sums;
}
