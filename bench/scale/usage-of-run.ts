import type { Usage } from '../../contract/prices.ts';
import type { ScaleRun } from './scale-run.ts';

const MILLION = 1_000_000;
/** As `npm run cost` counts them, for a million images. */
const LOG_GB = 0.03;
/** Shards of a busy worker in a second, as exact models have them: tasks that stand for many hurry fewer. */
const PUTS_PER_S = 0.39;

/** What a million URLs of a run that has ended used of AWS; storage is not counted, as in the table of `npm run cost`. */
export function usageOfRun(run: ScaleRun): Usage {
  const { bucket, options, queue, source, table } = run;
  const perMillion = (count: number) => (count * MILLION) / options.urls;
  const busyS = source.busyMs / 1000;
  const puts = options.detail === 'exact' ? bucket.puts : Math.max(bucket.puts, PUTS_PER_S * busyS);
  return {
    queueRequests: perMillion(queue.calls.made + queue.standardCalls),
    tableWriteUnits: perMillion(table.used.writes),
    tableReadUnits: perMillion(table.used.reads),
    objectWrites: perMillion(puts),
    objectReads: 0,
    functionInvocations: perMillion(source.invocations),
    functionGbSeconds: perMillion((busyS * options.workerMemoryMb) / 1024),
    objectGbMonths: 0,
    logGb: LOG_GB,
  };
}
