import { type EarlierRun, GroupMemory } from '../memory/group-memory.ts';
import { once } from '../memory/once.ts';
import { type Grouping, isSameGrouping } from '../model/host-group.ts';
import type { Run } from '../model/run.ts';
import { groupingOf } from '../model/run-grouping.ts';
import type { Clock } from '../ports/clock.ts';
import type { EarlierImages } from '../ports/images.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Observer } from '../ports/observer.ts';
import type { GroupHold } from './group-hold.ts';

/** Dependencies of Memories. */
export interface MemoriesPorts {
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'runs' | 'results' | 'memory'>;
  readonly images: EarlierImages;
  readonly observer: Observer;
  /** How long images are there after they were kept, in milliseconds; infinite for ever. */
  readonly imagesKeptMs: number;
}

/** The memory of each group that this worker holds; and what it asked for all of them. */
export class Memories {
  readonly #ports: MemoriesPorts;
  readonly #ofHold = new WeakMap<GroupHold, GroupMemory>();
  /** By the run that asks and the one asked about: nobody takes images from that one while the other goes on. */
  readonly #runs = new Map<string, Promise<EarlierRun | undefined>>();
  /** By run. */
  readonly #groupings = new Map<string, Promise<readonly Grouping[]>>();

  constructor(ports: MemoriesPorts) {
    this.#ports = ports;
  }

  /** Of a run that has none: undefined; where it takes no images of others, there is one of pages. */
  of(run: Run, hold: GroupHold): GroupMemory | undefined {
    const { memory: settings, pages } = run.settings;
    if (settings === undefined) return undefined;
    const root = this.#ports.images.rootOf(run);
    if (root === undefined && pages === undefined) return undefined;
    const known = this.#ofHold.get(hold);
    if (known !== undefined) return known;
    const { clock, ledger, observer, imagesKeptMs } = this.#ports;
    const made = new GroupMemory(
      {
        run,
        settings,
        grouping: groupingOf(run),
        group: hold.group,
        hold: hold.number,
        root,
        keptForMs: imagesKeptMs,
      },
      {
        clock,
        ledger,
        readRun: (runId) => this.#readRun(run, runId),
        otherGroupings: () => this.#otherGroupings(run),
        onUnreadable: (packs) => observer.memoryUnreadable(run.runId, packs),
      },
    );
    this.#ofHold.set(hold, made);
    return made;
  }

  #readRun({ runId: asking }: Run, runId: string): Promise<EarlierRun | undefined> {
    return once(this.#runs, `${asking} ${runId}`, async () => {
      const run = await this.#ports.ledger.runs.read(runId);
      if (run === undefined || run.deleting === true) return undefined;
      return { removedShards: new Set(run.removedShards) };
    });
  }

  #otherGroupings(run: Run): Promise<readonly Grouping[]> {
    return once(this.#groupings, run.runId, async () => {
      const own = groupingOf(run);
      const all = await this.#ports.ledger.memory.groupings();
      return all.filter((grouping) => !isSameGrouping(grouping, own));
    });
  }
}
