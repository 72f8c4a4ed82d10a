import { type RunProgress, settledOf } from '../../core/model/progress.ts';
import {
  countOf,
  formatBytes,
  formatCount,
  formatRate,
  formatSeconds,
} from '../options/quantities.ts';
import { topReasons } from '../output/reasons.ts';

/** How far back speed is measured, in milliseconds. */
const SPEED_WINDOW_MS = 15_000;

interface Sample {
  readonly atMs: number;
  readonly settled: number;
  readonly succeeded: number;
}

/** Hosts that are paused: in words, and for how long. */
interface Paused {
  readonly leftMs: number;
  toString(): string;
}

const NONE_PAUSED: Paused = { leftMs: 0, toString: () => '' };

/** One line that says how far a run is and how fast; remembers the last seconds for the speed. */
export class ProgressLine {
  readonly #paused: Paused;
  #samples: Sample[] = [];
  /** URLs finished per second when no host was paused. */
  #freePerSecond = 0;

  constructor(paused: Paused = NONE_PAUSED) {
    this.#paused = paused;
  }

  /** The line at this time, in milliseconds of any clock that goes forward. */
  render(progress: RunProgress, nowMs: number): string {
    const { succeeded, documents, targets, state } = progress;
    const settled = settledOf(progress);
    if (state === 'seeding' && settled === 0)
      return `reading list … ${countOf(targets, 'URL')} so far`;
    this.#samples.push({ atMs: nowMs, settled, succeeded: succeeded - documents });
    const more = state === 'seeding' ? '+' : '';
    const parts = [
      `${formatCount(settled)}/${formatCount(targets)}${more}`,
      ...this.#speed(nowMs, targets - settled),
      formatBytes(progress.bytes),
      String(this.#paused),
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
    const left = this.#secondsLeft((last.settled - first.settled) / seconds, open);
    return left === undefined ? [images] : [images, `${formatSeconds(left)} left`];
  }

  /**
   * While hosts are paused, what is deferred waits for their ends and then goes as fast as before:
   * the speed of the pause says nothing of it.
   */
  #secondsLeft(perSecond: number, open: number): number | undefined {
    const pausedS = this.#paused.leftMs / 1000;
    if (pausedS === 0) this.#freePerSecond = perSecond;
    if (this.#freePerSecond <= 0 || open <= 0) return undefined;
    return pausedS + open / Math.max(perSecond, this.#freePerSecond);
  }
}
