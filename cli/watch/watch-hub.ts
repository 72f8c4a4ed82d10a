/** Least time between two looks, in milliseconds. */
const LEAST_WAIT_MS = 1000;
const MOST_WAIT_MS = 10_000;
/** A look may take at most a hundredth of the time. */
const WAIT_PER_LOOK = 100;
/** How old what a new viewer is shown may be, in milliseconds. */
const FRESH_MS = 1000;

/** What the hub needs. */
export interface WatchHubOptions<State> {
  readonly look: () => Promise<State>;
  /** Told when the first viewer has come, and when the last one has gone. */
  readonly onWatched?: (isWatched: boolean) => void;
  /** Milliseconds of any clock that goes forward. */
  readonly now?: () => number;
  readonly schedule?: (callback: () => void, ms: number) => void;
}

/** One shared look for however many viewers there are; without a viewer nothing is looked at. */
export class WatchHub<State> {
  readonly #options: Required<WatchHubOptions<State>>;
  readonly #viewers = new Set<(state: State) => void>();
  #looking: Promise<State> | undefined;
  #last: { readonly state: State; readonly atMs: number } | undefined;
  #isScheduled = false;
  #tookMs = 0;

  constructor(options: WatchHubOptions<State>) {
    this.#options = { onWatched: () => {}, now: monotonic, schedule: later, ...options };
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Tells the viewer each new state from now on, until it is disposed of. */
  join(viewer: (state: State) => void): Disposable {
    this.#viewers.add(viewer);
    if (this.#viewers.size === 1) this.#options.onWatched(true);
    if (!this.#isScheduled) this.#schedule(0);
    return {
      [Symbol.dispose]: () => {
        if (this.#viewers.delete(viewer) && this.#viewers.size === 0)
          this.#options.onWatched(false);
      },
    };
  }

  /** The state of this second. Rejects on infrastructure errors. */
  async state(): Promise<State> {
    const last = this.#last;
    if (last !== undefined && this.#options.now() - last.atMs < FRESH_MS) return last.state;
    return this.#look();
  }

  /** Tells viewers, where there are any, how it stands now; a look that fails is left out. */
  async tellLast(): Promise<void> {
    if (this.#viewers.size === 0) return;
    const state = await this.#look().catch(() => undefined);
    if (state !== undefined) for (const viewer of this.#viewers) viewer(state);
  }

  #schedule(ms: number): void {
    this.#isScheduled = true;
    this.#options.schedule(() => void this.#turn(), ms);
  }

  async #turn(): Promise<void> {
    this.#isScheduled = false;
    if (this.#viewers.size === 0) return;
    this.#isScheduled = true;
    // A crawl that has just ended answers no more: the next look finds its table by itself.
    const state = await this.#look().catch(() => undefined);
    if (state !== undefined) for (const viewer of this.#viewers) viewer(state);
    this.#schedule(waitMs(this.#tookMs));
  }

  #look(): Promise<State> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookNow(): Promise<State> {
    const { look, now } = this.#options;
    const beganMs = now();
    try {
      const state = await look();
      this.#last = { state, atMs: now() };
      return state;
    } finally {
      this.#tookMs = now() - beganMs;
    }
  }
}

/** How long to wait after a look that took so long, both in milliseconds. */
function waitMs(tookMs: number): number {
  return Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, WAIT_PER_LOOK * tookMs));
}

function monotonic(): number {
  return performance.now();
}

/** Nobody's process lives on for the sake of a look. */
function later(callback: () => void, ms: number): void {
  setTimeout(callback, ms).unref();
}
