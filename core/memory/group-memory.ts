import { type Grouping, groupOfUrl, nameOfGrouping } from '../model/host-group.ts';
import type { MemorySettings, Run } from '../model/run.ts';
import { urlDigest } from '../model/url-digest.ts';
import type { Clock } from '../ports/clock.ts';
import type { MemoryLedger, MemoryPack, RecalledGroup } from '../ports/memory.ts';
import type { KeptDocument, Manner, MemoryHead, Remembered } from '../ports/remembered.ts';
import { clearingOf } from './clear-log.ts';
import { mannerOf, servesDocuments, servesManner } from './manner.ts';
import { type Found, MemoryShelf } from './memory-shelf.ts';
import { once } from './once.ts';
import { type Recall, recall } from './recall.ts';

/** Places of images where a picture is looked for before it is written: most are in the latest. */
const MAX_ROOTS = 3;
const DAY_MS = 24 * 3600 * 1000;

/** Dependencies of GroupMemory. */
export interface GroupMemoryPorts {
  readonly clock: Clock;
  readonly ledger: MemoryLedger;
  /** Whether what a run kept is there as far as anybody knows: nobody deleted the run. */
  readonly isThere: (runId: string) => Promise<boolean>;
  /** Every grouping that anything is remembered by, but that of the run. */
  readonly otherGroupings: () => Promise<readonly Grouping[]>;
  /** Tells that packs of another version were left alone. */
  readonly onUnreadable: (packs: number) => void;
}

/** A group of a run, and what it takes from earlier runs. */
export interface RememberingRun {
  readonly run: Run;
  readonly grouping: Grouping;
  readonly group: string;
  readonly settings: MemorySettings;
  /** Tells this worker's hold of the group apart from all others. */
  readonly hold: number;
  /** Where its images go; absent where no other run may take them. */
  readonly root?: string;
  /** How long images are there after they were kept, in milliseconds; infinite for ever. */
  readonly keptForMs: number;
}

/** What earlier runs know of a URL, and what this one makes of it. */
export interface Past extends Recall {
  readonly remembered: Remembered;
  /** Where the images of the run are that told of it last; absent where no other run may take them. */
  readonly root?: string;
  /** What it named, where it is a page; undefined when that is not known or was read otherwise. */
  readonly document: () => Promise<KeptDocument | undefined>;
}

/**
 * What is remembered of a group, read once when the first of its URLs is asked about, and the places
 * of what this worker adds. Whoever holds the group is the only one who adds to it.
 */
export class GroupMemory {
  readonly #of: RememberingRun;
  readonly #ports: GroupMemoryPorts;
  readonly #manner: Manner;
  readonly #there = new Map<string, boolean>();
  /** By the group's name in its grouping. */
  readonly #others = new Map<string, Promise<MemoryShelf>>();
  #own: Promise<MemoryShelf> | undefined;
  #sequence = 0;
  #floor = 0;
  /** Where earlier runs kept images of the group, the latest first. */
  roots: readonly string[] = [];

  constructor(of: RememberingRun, ports: GroupMemoryPorts) {
    this.#of = of;
    this.#ports = ports;
    this.#manner = mannerOf(of.run);
  }

  /** What earlier runs know of a URL that was kept. Rejects on infrastructure errors. */
  async recall(url: string): Promise<Past | undefined> {
    const { grouping, group, settings } = this.#of;
    this.#own ??= this.#readOwn().catch((error) => {
      this.#own = undefined;
      throw error;
    });
    const digest = urlDigest(url);
    const own = (await this.#own).find(digest);
    if (own !== undefined) return this.#past(own, settings, grouping, group);
    for (const other of await this.#ports.otherGroupings()) {
      const place = groupOfUrl(url, other);
      const found = (await this.#readOther(other, place)).find(digest);
      if (found !== undefined) return this.#past(found, settings, other, place);
    }
    return undefined;
  }

  /** A pack of what was kept, in the next place. Only after anything was asked about. */
  pack(entries: readonly Remembered[]): MemoryPack {
    const { run, root, settings } = this.#of;
    const untilMs = this.#ports.clock.now() + settings.days * DAY_MS;
    return this.#packUnder({ runId: run.runId, root, manner: this.#manner, untilMs }, entries);
  }

  #packUnder(head: MemoryHead, entries: readonly Remembered[]): MemoryPack {
    const { run, hold, grouping, group } = this.#of;
    this.#sequence += 1;
    const place = { sequence: this.#sequence, name: `${run.runId}.${hold}` };
    return { grouping, group, place, floor: this.#floor, head, entries };
  }

  #past(
    { remembered, head }: Found,
    settings: MemorySettings,
    grouping: Grouping,
    group: string,
  ): Past | undefined {
    const now = this.#ports.clock.now();
    // Images of a bucket may have a lifetime: what ends within a day is as good as gone.
    if (remembered.keptMs + this.#of.keptForMs - DAY_MS < now) return undefined;
    const document = async () => {
      const source = remembered.document;
      if (source === undefined || !servesDocuments(head.manner, this.#manner)) return undefined;
      if (source.kind === 'new') return source.document;
      return this.#ports.ledger.document(grouping, group, source.place);
    };
    return { ...recall(remembered, settings, now), remembered, root: head.root, document };
  }

  async #readOwn(): Promise<MemoryShelf> {
    const { grouping, group } = this.#of;
    const { ledger, onUnreadable } = this.#ports;
    const recalled = await ledger.recall(grouping, group);
    if (recalled.unreadable.length > 0) onUnreadable(recalled.unreadable.length);
    const shelf = await this.#shelve(recalled);
    this.#sequence = shelf.sequence;
    this.#floor = recalled.floor;
    this.roots = shelf.roots(MAX_ROOTS);
    await this.#clear(recalled);
    return shelf;
  }

  #readOther(grouping: Grouping, group: string): Promise<MemoryShelf> {
    return once(this.#others, `${nameOfGrouping(grouping)} ${group}`, async () =>
      this.#shelve(await this.#ports.ledger.recall(grouping, group)),
    );
  }

  async #shelve(recalled: RecalledGroup): Promise<MemoryShelf> {
    for (const runId of new Set(recalled.packs.map(({ head }) => head.runId))) {
      const isOwn = runId === this.#of.run.runId;
      if (!this.#there.has(runId))
        this.#there.set(runId, isOwn || (await this.#ports.isThere(runId)));
    }
    return new MemoryShelf(
      recalled,
      (head) => this.#isThere(head) && servesManner(head.manner, this.#manner),
    );
  }

  #isThere({ runId, untilMs }: MemoryHead): boolean {
    return this.#there.get(runId) === true && untilMs > this.#ports.clock.now();
  }

  /** Moves what counts away from the beginning of the log, so that nobody reads that any more. */
  async #clear(recalled: RecalledGroup): Promise<void> {
    const clearing = clearingOf(recalled, (head) => this.#isThere(head));
    if (clearing === undefined) return;
    const packs = clearing.moved.map(({ head, entries }) => this.#packUnder(head, entries));
    await this.#ports.ledger.remember(packs);
    this.#floor = clearing.floor;
  }
}
