import type { Grouping } from '../model/host-group.ts';
import type { KeptDocument, MemoryHead, Remembered } from './remembered.ts';

/** Where a pack stands among those of its group: the later one counts. */
export interface MemoryPlace {
  readonly sequence: number;
  /** Tells apart packs of one sequence number, which two workers can give after a lease ran out. */
  readonly name: string;
}

/** What lets the log of a group be read on. */
export interface MemoryEdge {
  /** How its run put hosts into groups. */
  readonly grouping: Grouping;
  readonly group: string;
  readonly place: MemoryPlace;
  /** What has a lower sequence number does not count any more. */
  readonly floor: number;
  readonly head: MemoryHead;
}

/** Says that the results of a run in a group are what is remembered of it. */
export type MemoryMark = MemoryEdge;

/** Entries of one group that were taken out of results, and are kept together. */
export interface MemoryPack extends MemoryEdge {
  /** Of different URLs; at least one, at most MAX_TASK_TARGETS. */
  readonly entries: readonly Remembered[];
}

/** Entries that are stored together. */
export interface StoredEntries {
  /** As they are stored. */
  readonly bytes: number;
  /** Those of its entries, in their order. */
  readonly digests: readonly string[];
  /** Its entries, decoded each time. */
  read(): readonly Remembered[];
}

/** A pack, or a mark that stands for the results of its run. */
export interface MemoryPart {
  readonly place: MemoryPlace;
  readonly head: MemoryHead;
  /** Absent where it is a mark. */
  readonly entries?: StoredEntries;
}

/** What is remembered of one group. */
export interface RecalledGroup {
  /** In the order of their places; those below the floor are left out. */
  readonly parts: readonly MemoryPart[];
  /** The highest floor that any part tells; 0 when there is none. */
  readonly floor: number;
  /** Sequence numbers of parts that another version wrote: they are left alone. */
  readonly unreadable: readonly number[];
}

/** What pages of one group named, to be kept together. */
export interface DocumentPack extends Pick<MemoryEdge, 'grouping' | 'group'> {
  /** No other pack of the group has it. */
  readonly name: string;
  /** They are forgotten then, in milliseconds since 1970. */
  readonly untilMs: number;
  /** At least one, at most MAX_TASK_TARGETS. */
  readonly documents: readonly KeptDocument[];
}

/**
 * What was kept by all runs: for each group of a grouping a log that says in the results of which
 * runs it stands. Losing any of it costs downloads and nothing else.
 */
export interface MemoryLedger {
  /** Every grouping that anything is remembered by. */
  groupings(): Promise<readonly Grouping[]>;
  /** What is remembered of a group. May miss what was written a moment ago. */
  recall(grouping: Grouping, group: string): Promise<RecalledGroup>;
  /** Keeps packs of different places, in their order. Writing again is harmless. */
  remember(packs: readonly MemoryPack[]): Promise<void>;
  /** Keeps documents: gives the place of each, undefined where it is too long. */
  keepDocuments(packs: readonly DocumentPack[]): Promise<readonly DocumentPlaces[]>;
  /** The document of an entry of a group; undefined when it is gone. */
  document(grouping: Grouping, group: string, place: string): Promise<KeptDocument | undefined>;
}

/** Of the documents of a pack in their order. */
export type DocumentPlaces = readonly (string | undefined)[];
