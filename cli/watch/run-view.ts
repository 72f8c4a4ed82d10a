import type { SettledBatch } from '../../contract/settled-batch.ts';
import { type RunProgress, settledOf } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import type { ErrorSource } from './error-source.ts';
import { HostRecords } from './host-records.ts';
import type { PictureRing } from './picture-ring.ts';
import type { OpenPlace, RunPlace } from './run-place.ts';
import { SeenResults } from './seen-results.ts';
import { Speed } from './speed.ts';
import { PICTURES, stateOf } from './state-of.ts';
import type { PictureRow, WatchState } from './watch-state.ts';

/** Results that one look reads from the table while the run is worked on. */
const LIVE_RESULTS = 300;
/** The same when nothing works on it. */
const RESTING_RESULTS = 50_000;
/** The same in a deployed stack when the run has ended. */
const ENDED_RESULTS = 2000;
/** Hosts that are shown, and how many of their records one look reads. */
const HOSTS = 30;
const HOST_READS = 6;
const ERRORS = 20;
/** How old progress that somebody else has read may be, in milliseconds. */
const FRESH_MS = 2000;
/** How often a live run's record, its errors and hosts are read: a look between costs next to nothing. */
const SLOW_MS = 3000;
/** How long the newest pictures stay: a browser loads each of them, in milliseconds. */
const PICTURES_MS = 4000;

/** What a view of a run is made from. */
export interface RunViewOptions {
  readonly runId: string;
  readonly open: OpenPlace;
  readonly errors: ErrorSource;
  /** Where errors of functions are to be looked for. */
  readonly errorsNote: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Looks at a run: each look reads a bounded amount, whatever the length of the run. */
export class RunView {
  readonly #options: RunViewOptions;
  readonly #results = new SeenResults();
  readonly #records = new HostRecords();
  readonly #speed = new Speed();
  #place: RunPlace | undefined;
  #told: { readonly progress: RunProgress; readonly atMs: number } | undefined;
  #final: WatchState | undefined;
  #newest: { readonly rows: readonly PictureRow[]; readonly count: number } | undefined;
  #newestMs = 0;
  #run: Run | undefined;
  #slowMs = Number.NEGATIVE_INFINITY;

  constructor(options: RunViewOptions) {
    this.#options = options;
  }

  get pictures(): PictureRing {
    return this.#results.pictures;
  }

  /** Takes progress that somebody else has read, so that it is not read again for a look. */
  tell(progress: RunProgress): void {
    this.#told = { progress, atMs: this.#options.now() };
  }

  /** What is fetched from this time on (ISO 8601) is fed; results that were fetched before are still read from the table. */
  beginFeed(since: string): Promise<void> {
    return this.#results.beginFeed(since);
  }

  /** Takes what is settled. */
  feed(batch: SettledBatch): void {
    this.#results.feed(batch);
  }

  /** One look. Rejects on infrastructure errors; after one the table is opened again. */
  async look(): Promise<WatchState> {
    if (this.#final !== undefined) return this.#final;
    if (this.#place === undefined) return this.#lookOnce();
    // Where the crawl of another process has just ended its table is opened here.
    return this.#lookOnce().catch(() => this.#lookOnce());
  }

  /** Lets go of the table. */
  async close(): Promise<void> {
    const place = this.#place;
    this.#place = undefined;
    await this.#results.abandon();
    await place?.close();
  }

  async #lookOnce(): Promise<WatchState> {
    let isKept = false;
    try {
      this.#place ??= await this.#options.open();
      const place = this.#place;
      if (place === undefined) throw new Error(`run ${this.#options.runId} is gone`);
      const state = await this.#lookAt(place);
      // A table that nobody works on is let go of: the next crawl needs it for itself.
      isKept = place.live && this.#final === undefined;
      return state;
    } finally {
      if (!isKept) await this.close();
    }
  }

  async #lookAt(place: RunPlace): Promise<WatchState> {
    const { runId, errors, now } = this.#options;
    const isSlow = !place.live || now() - this.#slowMs >= SLOW_MS;
    if (isSlow) this.#slowMs = now();
    const run = (isSlow ? undefined : this.#run) ?? (await place.archive.read(runId));
    if (run === undefined) throw new Error(`run ${runId} is gone from the table`);
    this.#run = run;
    const progress = await this.#progressOf(run, place);
    this.#speed.add(progress, now());
    if (isSlow) await errors.read(place.archive);
    const settled = settledOf(progress);
    const open = () => place.archive.results(run);
    await this.#results.read(open, settled, budgetOf(place, progress));
    const hostReads = isSlow ? HOST_READS : 0;
    const state = await this.#stateOf(run, progress, place, hostReads);
    if (progress.ended && this.#results.hasRead(settled)) this.#final = state;
    return state;
  }

  async #progressOf(run: Run, { archive }: RunPlace): Promise<RunProgress> {
    const told = this.#told;
    const isFresh = told !== undefined && this.#options.now() - told.atMs < FRESH_MS;
    return isFresh ? told.progress : archive.progress(run);
  }

  async #stateOf(
    run: Run,
    progress: RunProgress,
    place: RunPlace,
    hostReads: number,
  ): Promise<WatchState> {
    const { errors, errorsNote, now } = this.#options;
    const { tally } = this.#results;
    const paused = errors.pausedHosts.slice(-HOSTS);
    const largest = tally.largest(HOSTS).map(({ host }) => host);
    const named = [...new Set([...paused, ...largest])];
    await this.#records.read(place.hosts, named, place.live ? hostReads : named.length);
    const records = this.#records;
    const rows = errors.rows(ERRORS);
    return stateOf({
      run,
      progress,
      live: place.live,
      speed: this.#speed,
      tally,
      records,
      named,
      errors: rows,
      errorsNote,
      newest: this.#newestPictures(progress.ended),
      nowMs: now(),
    });
  }

  /** The same for some seconds, so that pictures can be looked at and cost little. */
  #newestPictures(ended: boolean) {
    const nowMs = this.#options.now();
    const isFresh = (this.#newest?.count ?? 0) > 0 && nowMs - this.#newestMs < PICTURES_MS;
    if (isFresh && !ended && this.#newest !== undefined) return this.#newest;
    const { pictures } = this.#results;
    this.#newest = { rows: pictures.page(0, PICTURES), count: pictures.size };
    this.#newestMs = nowMs;
    return this.#newest;
  }
}

function budgetOf({ live }: RunPlace, { ended }: RunProgress) {
  if (!live) return { results: RESTING_RESULTS };
  return { results: ended ? ENDED_RESULTS : LIVE_RESULTS };
}
