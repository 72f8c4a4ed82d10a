import {
  type End,
  type FunctionName,
  type MetricName,
  ROBOTS_REASONS,
} from '../../contract/metrics.ts';
import type { Reason, Status } from '../../core/model/outcome.ts';
import { isSaved } from '../../core/model/progress.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type { MetricLine } from './metric-line.ts';

/** Values of one metric in a line: CloudWatch takes 100, and Powertools writes by itself at 100. */
const MAX_VALUES = 99;

/** Metrics that are a sum for the stack. */
type Sum = Exclude<MetricName, 'TargetsSettled' | 'TasksEnded' | 'ColdStarts' | 'FetchTime'>;

/** What one run came to since its last lines: a few additions for each result, lines only at the end. */
export class RunSums {
  readonly #byStatus = new Map<Status, number>();
  readonly #byReason = new Map<Reason, number>();
  readonly #ends = new Map<End, number>();
  readonly #coldStarts = new Map<FunctionName, number>();
  readonly #sums = new Map<Sum, number>();
  readonly #fetchMs: number[] = [];

  /** A target that came to its end; gives the bytes that were kept of it. */
  settled(result: SettledResult): number {
    const { status, reason, bytes = 0, durationMs, httpStatus, file } = result;
    this.ended(status, reason);
    // A page that was read is not kept.
    const isKept = !isSaved(result) && file !== undefined;
    if (isSaved(result)) increase(this.#sums, 'BytesSaved', bytes);
    else if (isKept) increase(this.#sums, 'BytesKept', bytes);
    if (result.unchanged === true && file !== undefined) increase(this.#sums, 'ImagesUnchanged');
    // Who was not asked took no time; who answered within half a millisecond took 0.
    if (durationMs > 0 || httpStatus !== undefined) this.#fetchMs.push(durationMs);
    return isKept ? bytes : 0;
  }

  /** The same, of a target of which nothing else is known. */
  ended(status: Status, reason: Reason | null): void {
    increase(this.#byStatus, status);
    if (reason !== null) increase(this.#byReason, reason);
    if (ROBOTS_REASONS.has(reason)) increase(this.#sums, 'RobotsRefusals');
  }

  taskEnded(end: End): void {
    increase(this.#ends, end);
  }

  coldStart(name: FunctionName): void {
    increase(this.#coldStarts, name);
  }

  add(name: Sum, count = 1): void {
    increase(this.#sums, name, count);
  }

  /** Targets, deliveries and deferred tasks so far: its share in what an invocation costs. */
  get weight(): number {
    return total(this.#byStatus) + total(this.#ends) + (this.#sums.get('DeferredTasks') ?? 0);
  }

  /** All of it, in as few lines as its dimensions allow. */
  lines(): readonly MetricLine[] {
    const [first, ...more] = portions(this.#fetchMs);
    const sums = Object.fromEntries(this.#sums);
    const plain = { ...sums, ...(first !== undefined && { FetchTime: first }) };
    return [
      ...(Object.keys(plain).length > 0 ? [{ series: {}, values: plain }] : []),
      ...more.map((FetchTime) => ({ series: {}, values: { FetchTime } })),
      ...linesBy('Status', 'TargetsSettled', this.#byStatus),
      ...linesBy('Reason', 'TargetsSettled', this.#byReason),
      ...linesBy('End', 'TasksEnded', this.#ends),
      ...linesBy('Function', 'ColdStarts', this.#coldStarts),
    ];
  }
}

function increase<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function total(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function portions(values: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(values.length / MAX_VALUES) }, (_, at) =>
    values.slice(at * MAX_VALUES, (at + 1) * MAX_VALUES),
  );
}

function linesBy(
  dimension: string,
  name: MetricName,
  counts: ReadonlyMap<string, number>,
): readonly MetricLine[] {
  return [...counts].map(([value, count]) => {
    return { series: { [dimension]: value }, values: { [name]: count } };
  });
}
