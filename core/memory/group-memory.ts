import { type Grouping, groupOfUrl, nameOfGrouping } from '../model/host-group.ts';
import type { MemorySettings, Run } from '../model/run.ts';
import { urlDigest } from '../model/url-digest.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { DocumentPack, MemoryMark, MemoryPack, RecalledGroup } from '../ports/memory.ts';
import type { KeptDocument, Manner, MemoryHead, Remembered } from '../ports/remembered.ts';
import { clearingOf } from './clear-log.ts';
import { type GroupPacks, readPacks } from './group-packs.ts';
import { mannerOf, servesDocuments, servesManner } from './manner.ts';
import { type Found, MemoryShelf } from './memory-shelf.ts';
import { once } from './once.ts';
import { type Recall, recall } from './recall.ts';

/** Places of images where a picture is looked for before it is written: most are in the latest. */
const MAX_ROOTS = 3;
const DAY_MS = 24 * 3600 * 1000;

/** An earlier run, as far as its images matter to a later one. */
export interface EarlierRun {
  /** Names of shards that are gone: what was in them is elsewhere, or nowhere. */
  readonly removedShards: ReadonlySet<string>;
}

/** Dependencies of GroupMemory. */
export interface GroupMemoryPorts {
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'results' | 'memory'>;
  /** A run whose results and images are there as far as anybody knows: undefined where it was deleted. */
  readonly readRun: (runId: string) => Promise<EarlierRun | undefined>;
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
 * What is remembered of a group, read once when the first of its URLs is asked about, and what says
 * that this run is a part of it. Whoever holds the group is the only one who adds to it.
 */
export class GroupMemory {
  readonly #of: RememberingRun;
  readonly #ports: GroupMemoryPorts;
  readonly #manner: Manner;
  readonly #runs = new Map<string, EarlierRun | undefined>();
  /** By the group's name in its grouping. */
  readonly #others = new Map<string, Promise<MemoryShelf>>();
  #own: Promise<MemoryShelf> | undefined;
  #sequence = 0;
  #floor = 0;
  /** To be written with the next results; absent where the log has it. */
  #mark: MemoryMark | undefined;
  #documentPacks = 0;
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

  /** Goes with the next results that are to be remembered; undefined where the log has it already. */
  get mark(): MemoryMark | undefined {
    return this.#mark;
  }

  /** It was written. */
  markKept(mark: MemoryMark): void {
    if (this.#mark === mark) this.#mark = undefined;
  }

  /** A pack of what pages named. */
  documents(documents: readonly KeptDocument[]): DocumentPack {
    const { run, hold, grouping, group } = this.#of;
    this.#documentPacks += 1;
    const name = `${run.runId}.${hold}.${this.#documentPacks}`;
    return { grouping, group, name, untilMs: this.#untilMs(), documents };
  }

  #untilMs(): number {
    return this.#ports.clock.now() + this.#of.settings.days * DAY_MS;
  }

  #nextMark(head: MemoryHead): MemoryMark {
    const { run, hold, grouping, group } = this.#of;
    this.#sequence += 1;
    const place = { sequence: this.#sequence, name: `${run.runId}.${hold}` };
    return { grouping, group, place, floor: this.#floor, head };
  }

  #ownHead(): MemoryHead {
    const { run, root } = this.#of;
    return { runId: run.runId, root, manner: this.#manner, untilMs: this.#untilMs() };
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
    if (this.#isRemoved({ remembered, head })) return undefined;
    const document = async () => {
      const place = remembered.document;
      if (place === undefined || !servesDocuments(head.manner, this.#manner)) return undefined;
      return this.#ports.ledger.memory.document(grouping, group, place);
    };
    return { ...recall(remembered, settings, now), remembered, root: head.root, document };
  }

  /** An entry that was moved out of its results may say where the picture was before. */
  #isRemoved({ remembered: { part }, head: { runId } }: Found): boolean {
    const name = part?.file.slice(part.file.lastIndexOf('/') + 1);
    return name !== undefined && this.#runs.get(runId)?.removedShards.has(name) === true;
  }

  async #readOwn(): Promise<MemoryShelf> {
    const { grouping, group, run } = this.#of;
    const { ledger, onUnreadable } = this.#ports;
    const recalled = await ledger.memory.recall(grouping, group);
    if (recalled.unreadable.length > 0) onUnreadable(recalled.unreadable.length);
    const packs = await this.#readPacks(recalled);
    this.#sequence = packs.sequence;
    this.#floor = packs.floor;
    const isMarked = recalled.parts.some(({ head, entries }) => {
      return entries === undefined && head.runId === run.runId;
    });
    const isCleared = await this.#clear(packs);
    if (!isMarked || isCleared) this.#mark = this.#nextMark(this.#ownHead());
    const shelf = this.#shelve(packs);
    this.roots = shelf.roots(MAX_ROOTS);
    return shelf;
  }

  #readOther(grouping: Grouping, group: string): Promise<MemoryShelf> {
    return once(this.#others, `${nameOfGrouping(grouping)} ${group}`, async () =>
      this.#shelve(
        await this.#readPacks(await this.#ports.ledger.memory.recall(grouping, group), group),
      ),
    );
  }

  #shelve(packs: GroupPacks): MemoryShelf {
    return new MemoryShelf(packs, ({ manner }) => servesManner(manner, this.#manner));
  }

  /** Of this run itself nothing: what is settled in it is not asked for again. */
  async #readPacks(recalled: RecalledGroup, group = this.#of.group): Promise<GroupPacks> {
    const { readRun, ledger } = this.#ports;
    for (const runId of new Set(recalled.parts.map(({ head }) => head.runId)))
      if (!this.#runs.has(runId)) this.#runs.set(runId, await readRun(runId));
    return readPacks(
      recalled,
      (head) => head.runId !== this.#of.run.runId && this.#isThere(head),
      (runId) => ledger.results.remembered(runId, group),
    );
  }

  #isThere({ runId, untilMs }: MemoryHead): boolean {
    return this.#runs.get(runId) !== undefined && untilMs > this.#ports.clock.now();
  }

  /** Moves what counts away from the beginning of the log, so that nobody reads that any more. */
  async #clear(group: GroupPacks): Promise<boolean> {
    const clearing = clearingOf(group);
    if (clearing === undefined) return false;
    const packs = clearing.moved.map(({ head, entries }): MemoryPack => {
      return { ...this.#nextMark(head), entries };
    });
    await this.#ports.ledger.memory.remember(packs);
    this.#floor = clearing.floor;
    return true;
  }
}
