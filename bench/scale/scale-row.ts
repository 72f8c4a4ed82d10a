import { costOf } from '../../contract/prices.ts';
import { boundsOf } from './bounds.ts';
import type { ScaleRun } from './scale-run.ts';
import { usageOfRun } from './usage-of-run.ts';

const HOUR_MS = 3_600_000;

/** The heads of the columns of `scaleRow`. */
export const SCALE_HEAD = [
  '| URLs | workers | requests/s a host | 50 % | 90 % | 100 % | URLs/s | busy | queue | US$ a million | until 90 % |',
  `|${' --- |'.repeat(11)}`,
].join('\n');

/** One run as a row of Markdown: what it came to, and what limits it. */
export function scaleRow(run: ScaleRun): string {
  const { milestones, options, queue } = run;
  const ninetyMs = milestones.at(0.9) ?? 0;
  const [limit] = boundsOf(run);
  const cells = [
    options.urls.toLocaleString('en'),
    options.workers.toLocaleString('en'),
    options.ratePerS === 0 ? 'no limit' : options.ratePerS,
    ...[0.5, 0.9, 1].map((share) => timeOf(milestones.at(share) ?? 0)),
    Math.round((0.9 * options.urls * 1000) / ninetyMs).toLocaleString('en'),
    Math.round(run.busyUntil90Ms / ninetyMs).toLocaleString('en'),
    queue.mostWaiting.toLocaleString('en'),
    costOf(usageOfRun(run)).toFixed(2),
    limit === undefined ? '' : `${limit.name}: ${timeOf(limit.ms)}`,
  ];
  return `| ${cells.join(' | ')} | `.trimEnd();
}

/** A time as people read it: minutes below two hours. */
export function timeOf(ms: number): string {
  return ms < 2 * HOUR_MS ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / HOUR_MS).toFixed(1)} h`;
}
