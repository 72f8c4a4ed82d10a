import type { MemoryPart, MemoryPlace, RecalledGroup, StoredEntries } from '../ports/memory.ts';
import type { MemoryHead } from '../ports/remembered.ts';

/** Most bytes of a group's memory that are read, the newest first: some 700,000 URLs. */
export const MAX_GROUP_BYTES = 64 * 1024 * 1024;

/** Entries that are stored together, with what they share. */
export interface GroupPack extends StoredEntries {
  readonly place: MemoryPlace;
  readonly head: MemoryHead;
}

/** What is remembered of one group, with the results that its marks stand for. */
export interface GroupPacks extends Pick<RecalledGroup, 'floor' | 'unreadable'> {
  /** In the order of their places. */
  readonly packs: readonly GroupPack[];
  /** The highest sequence number of anything in the log. */
  readonly sequence: number;
}

/** Looks at the results of each run that counts: `load` gives those of a run. Rejects as `load` does. */
export async function readPacks(
  { parts, floor, unreadable }: RecalledGroup,
  counts: (head: MemoryHead) => boolean,
  load: (runId: string) => Promise<readonly StoredEntries[]>,
): Promise<GroupPacks> {
  const packs: GroupPack[][] = [];
  /** Runs whose results were looked at: a run has several marks where it held the group several times. */
  const met = new Set<string>();
  let read = 0;
  for (const part of parts.toReversed()) {
    if (!counts(part.head) || read > MAX_GROUP_BYTES) continue;
    const entries = await entriesOf(part, met, load);
    packs.push(entries.map((some) => packOf(part, some)));
    read += entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  const sequences = parts.map(({ place }) => place.sequence);
  const sequence = Math.max(floor, ...unreadable, ...sequences);
  return { packs: packs.toReversed().flat(), floor, unreadable, sequence };
}

async function entriesOf(
  { head: { runId }, entries }: MemoryPart,
  met: Set<string>,
  load: (runId: string) => Promise<readonly StoredEntries[]>,
): Promise<readonly StoredEntries[]> {
  if (entries !== undefined) return [entries];
  if (met.has(runId)) return [];
  met.add(runId);
  return load(runId);
}

function packOf({ place, head }: MemoryPart, entries: StoredEntries): GroupPack {
  const { bytes, digests } = entries;
  return { place, head, bytes, digests, read: () => entries.read() };
}
