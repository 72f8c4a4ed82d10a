import { costCeilingOf } from '../../core/model/budget.ts';
import type { HostOrders } from '../../core/model/host-order.ts';
import type { RunProgress, RunState } from '../../core/model/progress.ts';
import type { Run, SeedList } from '../../core/model/run.ts';
import type { ReasonCounts } from './reasons.ts';

/** Where a run stands: `stopped` has not ended, and nothing works on it. */
export type ShownState = RunState | 'stopped';

/** A run and how it stands. */
export interface Standing {
  readonly run: Run;
  readonly progress: RunProgress;
  /** Whether anything works on it. */
  readonly works: boolean;
}

/** A run in numbers, as `--json` prints it. */
export interface Summary {
  readonly runId: string;
  readonly state: ShownState;
  /** What was given to crawl. */
  readonly source: string;
  /** When it was started (UTC). */
  readonly started: string;
  readonly targets: number;
  readonly succeeded: number;
  /** Of them pages, style sheets and sitemaps; absent where a run has none. */
  readonly documents?: number;
  readonly failed: number;
  readonly skipped: number;
  readonly reasons: ReasonCounts;
  /** Lines of the lists that are no URL, as `unusable.jsonl` tells them; absent where all are. */
  readonly unusableLines?: number;
  /** What was ordered of hosts since it was started; absent where nothing was. */
  readonly hostOrders?: HostOrders;
  /** Sum over the decoded bodies. */
  readonly bytes: number;
  /** Of the images those that earlier runs have, too; absent where there are none. */
  readonly unchanged?: number;
  /** What was not downloaded since earlier runs have it; absent where that is nothing. */
  readonly savedBytes?: number;
  /** Time worked, until the last settled target. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** What it is estimated to have cost, or would have, on AWS, in US dollars; absent where nothing was counted. */
  readonly estimatedCost?: number;
  /** At which estimated cost it stops; absent where it has no ceiling. */
  readonly maxCost?: number;
  /** Folder of the results, absolute, or the `s3://` URI of the images. */
  readonly out: string;
}

/** The summary of a run. */
export function summaryOf(standing: Standing, out: string): Summary {
  const { run, progress } = standing;
  const { runId, targets, succeeded, failed, skipped, reasons, bytes, seconds } = progress;
  const { documents, badLines, cost, unchanged, savedBytes } = progress;
  const imagesPerSecond = seconds > 0 ? round((succeeded - documents) / seconds) : 0;
  return {
    runId,
    state: stateOf(standing),
    source: sourceOf(run.lists),
    started: new Date(run.startedMs).toISOString(),
    targets,
    succeeded,
    documents: documents > 0 ? documents : undefined,
    failed,
    skipped,
    reasons,
    unusableLines: badLines > 0 ? badLines : undefined,
    hostOrders: run.hostOrders,
    bytes,
    unchanged,
    savedBytes,
    seconds: round(seconds),
    imagesPerSecond,
    estimatedCost: cost === undefined ? undefined : Number(cost.toPrecision(4)),
    maxCost: costCeilingOf(run.settings),
    out,
  };
}

/** One word for where a run stands. */
export function stateOf({ progress, works }: Omit<Standing, 'run'>): ShownState {
  const isTold = progress.ended || works || progress.state === 'over-budget';
  return isTold ? progress.state : 'stopped';
}

/** What was given to crawl: the name of its list, and how many more there were. */
export function sourceOf(lists: readonly Pick<SeedList, 'name' | 'round'>[]): string {
  const [first, ...others] = lists.filter(({ round }) => round === 0);
  if (first === undefined) return '';
  return others.length === 0 ? first.name : `${first.name} and ${others.length} more`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
