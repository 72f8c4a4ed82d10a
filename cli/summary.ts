import type { RunProgress, RunState } from '../core/progress.ts';
import type { ReasonCounts } from './reasons.ts';

/** A run in numbers, as `--json` prints it. */
export interface Summary {
  readonly runId: string;
  readonly targets: number;
  readonly succeeded: number;
  /** Of them pages, style sheets and sitemaps; absent where a run has none. */
  readonly documents?: number;
  readonly failed: number;
  readonly skipped: number;
  readonly reasons: ReasonCounts;
  /** Lines of the lists that are no URL, as `unusable.jsonl` tells them; absent where all are. */
  readonly unusableLines?: number;
  /** Sum over the decoded bodies. */
  readonly bytes: number;
  /** From the start to the last settled target. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Folder of the results, absolute, or the `s3://` URI of the images. */
  readonly out: string;
}

/** The summary of a run. */
export function summaryOf(progress: RunProgress, out: string): Summary {
  const { runId, targets, succeeded, failed, skipped, reasons, bytes, seconds } = progress;
  const { documents, badLines } = progress;
  const imagesPerSecond = seconds > 0 ? round((succeeded - documents) / seconds) : 0;
  return {
    ...{ runId, targets, succeeded, ...(documents > 0 ? { documents } : {}) },
    ...{ failed, skipped, reasons },
    ...(badLines > 0 ? { unusableLines: badLines } : {}),
    bytes,
    seconds: round(seconds),
    imagesPerSecond,
    out,
  };
}

/** The summary with where the run stands. */
export function statusOf(
  progress: RunProgress,
  out: string,
): Summary & { readonly state: RunState } {
  const { runId, ...rest } = summaryOf(progress, out);
  return { runId, state: progress.state, ...rest };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
