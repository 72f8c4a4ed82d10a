import { isDeepStrictEqual } from 'node:util';
import { type RunProgress, settledOf } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import { waitHere } from './wait-here.ts';

/** Least time between two looks, in milliseconds. */
const LEAST_WAIT_MS = 500;
/** Most time between two looks, in milliseconds. */
const MOST_WAIT_MS = 10_000;
/** A look costs its reader's and the table's time: at most a thirtieth of it all. */
const WAIT_PER_LOOK = 30;
/** Looks that are cheap enough to be made early whatever they add up to, in milliseconds. */
const FREE_LOOKS_MS = 100;
/** As long as nothing is settled of a run that is over its budget before it is left, in milliseconds. */
const QUIET_MS = 3000;
/** Silence that is worth a word, in milliseconds. */
const SILENCE_MS = 60_000;

/** How following a run ended. */
export interface Followed {
  readonly kind: 'ended' | 'over-budget' | 'interrupted';
}

/** What following needs: where to look, when to stop, whom to tell. */
export interface FollowOptions {
  readonly archive: {
    read(runId: string): Promise<Run | undefined>;
    progress(run: Run): Promise<RunProgress>;
  };
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void | Promise<void>;
  /** Told once of each long silence. */
  readonly onSilence: (seconds: number) => void;
  /** Resolves when the next thing happens with which the run may end, where that can be known. */
  readonly nextEvent?: () => Promise<void>;
  /** Waits so long, or until the signal; the machine's own time by default. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Looks at a run until it has ended, or until the person wants to stop; or until it is over its budget
 * and what was under way has ended.
 */
export async function followRun(runId: string, options: FollowOptions): Promise<Followed> {
  const { archive, signal, onProgress, onSilence } = options;
  const silence = new Silence(onSilence);
  const quiet = new Quiet();
  const followingMs = performance.now();
  let looksMs = 0;
  let known: Run | undefined;
  while (!signal.aborted) {
    const beganMs = performance.now();
    // Asked for before the look, so that nothing is missed that happens while it is made.
    const event = options.nextEvent?.();
    // Once it is seeded only a person changes its record: it is believed until all seems over.
    const run = known?.seeding === 'finished' ? known : await readRun();
    const progress = await archive.progress(run);
    const tookMs = performance.now() - beganMs;
    await onProgress(progress);
    const latest = progress.ended && run === known ? await readRun() : run;
    if (progress.ended && isDeepStrictEqual(latest, run)) return { kind: 'ended' };
    known = latest;
    if (progress.state === 'over-budget' && quiet.lasts(settledOf(progress)))
      return { kind: 'over-budget' };
    silence.look(`${run.checkpoint.window} ${progress.targets} ${settledOf(progress)}`);
    looksMs += tookMs;
    const early = mayLookEarly(looksMs, performance.now() - followingMs) ? event : undefined;
    await waitOr(early, nextWaitMs(tookMs), options);
  }
  return { kind: 'interrupted' };

  async function readRun(): Promise<Run> {
    const read = await archive.read(runId);
    if (read === undefined) throw new Error(`run ${runId} is gone from the table`);
    return read;
  }
}

/** How long to wait after a look that took so long, both in milliseconds. */
export function nextWaitMs(tookMs: number): number {
  return Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, WAIT_PER_LOOK * tookMs));
}

/** Whether looks that took so long may be more frequent for once, both in milliseconds. */
export function mayLookEarly(looksMs: number, sinceMs: number): boolean {
  return looksMs <= FREE_LOOKS_MS + sinceMs / WAIT_PER_LOOK;
}

async function waitOr(
  event: Promise<void> | undefined,
  ms: number,
  { signal, wait = waitHere }: Pick<FollowOptions, 'signal' | 'wait'>,
): Promise<void> {
  const over = new AbortController();
  const waiting = wait(ms, AbortSignal.any([signal, over.signal]));
  await (event === undefined ? waiting : Promise.race([waiting, event]));
  over.abort();
}

/** Whether nothing was settled for a while. */
class Quiet {
  #settled = -1;
  #sinceMs = 0;

  lasts(settled: number): boolean {
    const now = performance.now();
    if (settled !== this.#settled) this.#sinceMs = now;
    this.#settled = settled;
    return now - this.#sinceMs >= QUIET_MS;
  }
}

class Silence {
  readonly #tell: (seconds: number) => void;
  #last = '';
  #sinceMs = performance.now();
  #told = false;

  constructor(tell: (seconds: number) => void) {
    this.#tell = tell;
  }

  look(state: string): void {
    const now = performance.now();
    if (state !== this.#last) {
      this.#last = state;
      this.#sinceMs = now;
      this.#told = false;
    } else if (!this.#told && now - this.#sinceMs > SILENCE_MS) {
      this.#told = true;
      this.#tell(Math.round((now - this.#sinceMs) / 1000));
    }
  }
}
