import type { MemoryHead, Remembered } from '../ports/remembered.ts';
import type { GroupPack, GroupPacks } from './group-packs.ts';

/** Packs whose entries are kept decoded: targets of a task mostly lie in few. */
const MAX_DECODED = 16;

/** An entry with what it shares with its pack. */
export interface Found {
  readonly remembered: Remembered;
  readonly head: MemoryHead;
}

/** The packs of one group that count, with the place of each URL. */
export class MemoryShelf {
  readonly #packs: readonly GroupPack[];
  /** By digest of the URL: the number of its pack. */
  readonly #packOf = new Map<string, number>();
  readonly #decoded = new Map<number, ReadonlyMap<string, Remembered>>();
  /** Of packs that are not `usable` nothing is found. */
  constructor({ packs }: GroupPacks, usable: (head: MemoryHead) => boolean) {
    this.#packs = packs.filter(({ head }) => usable(head));
    for (const [at, { digests }] of this.#packs.entries())
      for (const digest of digests) this.#packOf.set(digest, at);
  }

  /** Where the images of its latest runs are, at most so many places. */
  roots(max: number): readonly string[] {
    const roots = new Set(this.#packs.flatMap(({ head }) => head.root ?? []).toReversed());
    return [...roots].slice(0, max);
  }

  /** What was remembered last of a URL. */
  find(digest: string): Found | undefined {
    const at = this.#packOf.get(digest);
    const pack = at === undefined ? undefined : this.#packs[at];
    if (at === undefined || pack === undefined) return undefined;
    const remembered = this.#entriesOf(at, pack).get(digest);
    return remembered === undefined ? undefined : { remembered, head: pack.head };
  }

  #entriesOf(at: number, pack: GroupPack): ReadonlyMap<string, Remembered> {
    const decoded = this.#decoded.get(at);
    if (decoded !== undefined) return decoded;
    const entries = new Map(pack.read().map((entry) => [entry.digest, entry]));
    const [oldest] = this.#decoded.keys();
    if (this.#decoded.size >= MAX_DECODED && oldest !== undefined) this.#decoded.delete(oldest);
    this.#decoded.set(at, entries);
    return entries;
  }
}
