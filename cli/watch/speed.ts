import { type RunProgress, settledOf } from '../../core/model/progress.ts';

/** How far back speed is measured, in milliseconds. */
const WINDOW_MS = 15_000;

interface Sample {
  readonly atMs: number;
  readonly settled: number;
  readonly images: number;
}

/** How fast a run is, over the last seconds. */
export class Speed {
  #samples: Sample[] = [];

  /** Takes how far the run is at this time, in milliseconds of any clock that goes forward. */
  add(progress: RunProgress, atMs: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && last.atMs >= atMs) return;
    const settled = settledOf(progress);
    this.#samples.push({ atMs, settled, images: progress.succeeded - progress.documents });
    // The last sample before the window stays: a slow reader has two to compare.
    const kept = this.#samples.findLastIndex((sample) => sample.atMs <= atMs - WINDOW_MS);
    this.#samples = this.#samples.slice(Math.max(0, kept));
  }

  /** URLs settled in a second; undefined before there are two samples. */
  get settledPerSecond(): number | undefined {
    return this.#rateOf(({ settled }) => settled);
  }

  /** Images in a second; undefined before there are two samples. */
  get imagesPerSecond(): number | undefined {
    return this.#rateOf(({ images }) => images);
  }

  #rateOf(count: (sample: Sample) => number): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || first === last) return undefined;
    return Math.max(0, (count(last) - count(first)) / ((last.atMs - first.atMs) / 1000));
  }
}
