import type { MemoryHead, Remembered } from '../ports/remembered.ts';
import type { GroupPack, GroupPacks } from './group-packs.ts';

/** So many packs at least are passed over at once. */
const MIN_PACKS = 4;
/** Of their entries so many may still count, as a share: to write them again costs as much as they are. */
const MAX_LIVE = 0.25;

/** Entries of one run that are to be written once more. */
export interface Moved {
  readonly head: MemoryHead;
  readonly entries: readonly Remembered[];
}

/** What lets the log of a group be read from a later place on. */
export interface Clearing {
  /** The first sequence number that has to be read then. */
  readonly floor: number;
  /** What counts below it: to be written again before. */
  readonly moved: readonly Moved[];
}

/**
 * A longer beginning of a log that has hardly anything that counts: later packs have the same URLs.
 * Undefined when there is none.
 */
export function clearingOf({ packs, floor, unreadable }: GroupPacks): Clearing | undefined {
  const live = liveIn(packs);
  const end = Math.min(...unreadable, Number.POSITIVE_INFINITY);
  let all = 0;
  let alive = 0;
  let best = 0;
  for (const [at, pack] of packs.entries()) {
    if (pack.place.sequence >= end) break;
    all += pack.digests.length;
    alive += live[at]?.size ?? 0;
    const next = packs[at + 1];
    // Packs of one number stay together: the floor is one.
    const isEdge = next !== undefined && next.place.sequence > pack.place.sequence;
    if (isEdge && at + 1 >= MIN_PACKS && alive <= all * MAX_LIVE) best = at + 1;
  }
  const next = packs[best];
  if (best === 0 || next === undefined || next.place.sequence <= floor) return undefined;
  return { floor: next.place.sequence, moved: movedOf(packs.slice(0, best), live) };
}

/** By pack the digests that no later pack of the same manner has. */
function liveIn(packs: readonly GroupPack[]): readonly ReadonlySet<string>[] {
  const later = new Map<string, Set<string>>();
  const live: ReadonlySet<string>[] = packs.map(() => new Set());
  for (let at = packs.length - 1; at >= 0; at -= 1) {
    const pack = packs[at];
    if (pack === undefined) continue;
    const manner = JSON.stringify(pack.head.manner);
    const met = later.get(manner) ?? new Set();
    later.set(manner, met);
    live[at] = new Set(pack.digests.filter((digest) => !met.has(digest)));
    for (const digest of pack.digests) met.add(digest);
  }
  return live;
}

function movedOf(
  packs: readonly GroupPack[],
  live: readonly ReadonlySet<string>[],
): readonly Moved[] {
  return packs.flatMap((pack, at) => {
    const digests = live[at];
    if (digests === undefined || digests.size === 0) return [];
    const entries = pack.read().filter(({ digest }) => digests.has(digest));
    return entries.length === 0 ? [] : { head: pack.head, entries };
  });
}
