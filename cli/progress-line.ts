import type { RunProgress } from '../core/progress.ts';
import { formatBytes, formatCount, formatRate, formatSeconds } from './quantities.ts';
import { topReasons } from './reasons.ts';

/** How far back speed is measured, in milliseconds. */
const SPEED_WINDOW_MS = 15_000;

interface Sample {
  readonly atMs: number;
  readonly settled: number;
  readonly succeeded: number;
}

/** One line that says how far a run is and how fast; remembers the last seconds for the speed. */
export class ProgressLine {
  #samples: Sample[] = [];

  /** The line at this time, in milliseconds of any clock that goes forward. */
  render(progress: RunProgress, nowMs: number): string {
    const settled = progress.succeeded + progress.failed + progress.skipped;
    this.#samples.push({
      atMs: nowMs,
      settled,
      succeeded: progress.succeeded - progress.documents,
    });
    const more = progress.state === 'seeding' ? '+' : '';
    const parts = [
      `${formatCount(settled)}/${formatCount(progress.targets)}${more}`,
      ...this.#speed(nowMs, progress.targets - settled),
      formatBytes(progress.bytes),
      topReasons(progress.reasons, 3),
    ];
    return parts.filter((part) => part !== '').join('  ');
  }

  /** The last sample before the window stays, so that a slow reader has two to compare. */
  #speed(nowMs: number, open: number): readonly string[] {
    const kept = this.#samples.findLastIndex(({ atMs }) => atMs <= nowMs - SPEED_WINDOW_MS);
    this.#samples = this.#samples.slice(Math.max(0, kept));
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return [];
    if (last.settled === 0) return [];
    const seconds = (last.atMs - first.atMs) / 1000;
    const images = `${formatRate((last.succeeded - first.succeeded) / seconds)} images/s`;
    const perSecond = (last.settled - first.settled) / seconds;
    if (perSecond <= 0 || open <= 0) return [images];
    return [images, `${formatSeconds(open / perSecond)} left`];
  }
}
