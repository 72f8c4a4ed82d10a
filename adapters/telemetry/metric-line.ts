import type { MetricName } from '../../contract/metrics.ts';

/** Sums, or single values where their spread is asked for; one that is absent was not there. */
export type MetricValues = Readonly<Partial<Record<MetricName, number | readonly number[]>>>;

/** Metrics that share their dimensions: one line of the log. */
export interface MetricLine {
  /** Dimensions besides the stack. */
  readonly series: Readonly<Record<string, string>>;
  readonly values: MetricValues;
}

/** Takes lines of metrics, each with the run it is of. */
export type PrintMetrics = (line: MetricLine, runId: string | undefined) => void;
