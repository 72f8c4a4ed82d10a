import type { Grouping } from '../model/host-group.ts';
import type { KeptDocument, MemoryHead, Remembered } from './remembered.ts';

/** Where a pack stands among those of its group: the later one counts. */
export interface MemoryPlace {
  readonly sequence: number;
  /** Tells apart packs of one sequence number, which two workers can give after a lease ran out. */
  readonly name: string;
}

/** Entries of one group that are kept together. */
export interface MemoryPack {
  /** How its run put hosts into groups. */
  readonly grouping: Grouping;
  readonly group: string;
  readonly place: MemoryPlace;
  /** Packs with a lower sequence number have nothing that counts any more. */
  readonly floor: number;
  readonly head: MemoryHead;
  /** Of different URLs; at least one, and no more than a pack of results has. */
  readonly entries: readonly Remembered[];
}

/** A pack as it was kept. */
export interface StoredMemory {
  readonly place: MemoryPlace;
  readonly head: MemoryHead;
  /** Those of its entries, in their order. */
  readonly digests: readonly string[];
  /** Its entries, decoded each time. */
  read(): readonly Remembered[];
}

/** What is remembered of one group. */
export interface RecalledGroup {
  /** In the order of their places; those below the floor are left out. */
  readonly packs: readonly StoredMemory[];
  /** The highest floor that any pack tells; 0 when there is none. */
  readonly floor: number;
  /** Sequence numbers of packs that another version wrote: they are left alone. */
  readonly unreadable: readonly number[];
}

/**
 * What was kept by all runs: for each group of a grouping a log of packs. Losing any of it costs
 * downloads and nothing else.
 */
export interface MemoryLedger {
  /** Every grouping that anything is remembered by. */
  groupings(): Promise<readonly Grouping[]>;
  /** What is remembered of a group. May miss what was written a moment ago. */
  recall(grouping: Grouping, group: string): Promise<RecalledGroup>;
  /** Keeps packs of different places, in their order. Writing again is harmless. */
  remember(packs: readonly MemoryPack[]): Promise<void>;
  /** The document of an entry of a group; undefined when it is gone. */
  document(grouping: Grouping, group: string, place: string): Promise<KeptDocument | undefined>;
}
