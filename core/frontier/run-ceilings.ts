import { factsOfFind } from '../model/find.ts';
import type { Finds } from '../model/finds.ts';
import type { Run } from '../model/run.ts';
import type { Target } from '../model/task.ts';
import type { FrontierLedger } from '../ports/frontier-ledger.ts';

/** Targets that a run has room for, and those that it has none for. */
export interface Shared {
  readonly taken: readonly Target[];
  readonly refused: Finds['leftOut'];
}

/** The ceilings of runs, as all workers together come up to them. */
export class RunCeilings {
  readonly #frontier: FrontierLedger;
  /** Ceilings that were met. */
  readonly #full = new Set<string>();

  constructor(frontier: FrontierLedger) {
    this.#frontier = frontier;
  }

  /**
   * Never more than the ceilings; fewer by what workers reserved that died before they sent. Pages
   * first: those that are refused must not take the room of images.
   */
  async share(run: Run, targets: readonly Target[]): Promise<Shared> {
    const { runId, settings } = run;
    const most = { pages: settings.pages?.maxPages ?? 0, urls: settings.maxUrls };
    const pages = await this.#share(runId, 'pages', most.pages, targets, isPage);
    const urls = await this.#share(runId, 'urls', most.urls, pages.taken, () => true);
    return { taken: urls.taken, refused: [...pages.refused, ...urls.refused] };
  }

  /** In the order in which they were found: the first ones are taken. 0 means no ceiling. */
  async #share(
    runId: string,
    what: 'pages' | 'urls',
    most: number,
    targets: readonly Target[],
    counts: (target: Target) => boolean,
  ): Promise<Shared> {
    const wanted = targets.filter(counts).length;
    if (most === 0 || wanted === 0) return { taken: targets, refused: [] };
    const room = most - (await this.#takenBefore(runId, what, wanted, most));
    let left = Math.max(0, room);
    const isTaken = (target: Target) => {
      if (!counts(target)) return true;
      left -= 1;
      return left >= 0;
    };
    const taken = new Set(targets.filter(isTaken));
    return {
      taken: [...taken],
      refused: targets.filter((target) => !taken.has(target)).map(overCeiling),
    };
  }

  /** A ceiling that was met once holds for ever: nobody is asked about it again. */
  async #takenBefore(
    runId: string,
    what: 'pages' | 'urls',
    wanted: number,
    most: number,
  ): Promise<number> {
    const key = `${runId} ${what}`;
    if (this.#full.has(key)) return most;
    const before = await this.#frontier.reserve(runId, { [what]: wanted });
    if (before[what] >= most) this.#full.add(key);
    return before[what];
  }
}

function overCeiling(target: Target) {
  return { url: target.url, reason: 'over-ceiling', ...factsOfFind(target) } as const;
}

function isPage({ kind }: Target): boolean {
  return kind === 'page';
}
