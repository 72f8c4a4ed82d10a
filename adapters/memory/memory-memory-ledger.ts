import type { Grouping } from '../../core/model/host-group.ts';
import type { MemoryLedger, MemoryPack, RecalledGroup } from '../../core/ports/memory.ts';
import type { KeptDocument, Remembered } from '../../core/ports/remembered.ts';
import { refuseBatch } from './refuse-batch.ts';

/** Memory across runs, in memory. */
export class MemoryMemoryLedger implements MemoryLedger {
  readonly #groupings = new Map<string, Grouping>();
  /** By partition and place. */
  readonly #packs = new Map<string, Map<string, MemoryPack>>();
  readonly #documents = new Map<string, KeptDocument>();

  async groupings(): Promise<readonly Grouping[]> {
    return [...this.#groupings.values()];
  }

  async recall(grouping: Grouping, group: string): Promise<RecalledGroup> {
    const all = [...(this.#packs.get(partitionOf(grouping, group))?.values() ?? [])];
    const floor = Math.max(0, ...all.map((pack) => pack.floor));
    const packs = all
      .filter(({ place }) => place.sequence >= floor)
      .toSorted((a, b) => compare(a, b))
      .map(({ place, head, entries }) => {
        const digests = entries.map(({ digest }) => digest);
        return { place, head, digests, read: () => structuredClone(entries) };
      });
    return { packs, floor, unreadable: [] };
  }

  async remember(packs: readonly MemoryPack[]): Promise<void> {
    refuseBatch(packs.map(nameOf));
    for (const pack of packs) {
      const partition = partitionOf(pack.grouping, pack.group);
      this.#groupings.set(JSON.stringify(pack.grouping), pack.grouping);
      const known = this.#packs.get(partition) ?? new Map<string, MemoryPack>();
      this.#packs.set(partition, known);
      const entries = pack.entries.map((entry, at) => this.#keepDocument(entry, pack, at));
      known.set(nameOf(pack), { ...pack, entries });
    }
  }

  async document(
    _grouping: Grouping,
    _group: string,
    place: string,
  ): Promise<KeptDocument | undefined> {
    return structuredClone(this.#documents.get(place));
  }

  /** As time does, which ends documents before the entries that name them. */
  forgetDocuments(): void {
    this.#documents.clear();
  }

  /** Every entry that is kept, with the pack that has it. */
  all(): readonly { readonly pack: MemoryPack; readonly entry: Remembered }[] {
    return [...this.#packs.values()].flatMap((packs) =>
      [...packs.values()].flatMap((pack) => pack.entries.map((entry) => ({ pack, entry }))),
    );
  }

  #keepDocument(entry: Remembered, pack: MemoryPack, at: number): Remembered {
    if (entry.document?.kind !== 'new') return structuredClone(entry);
    const place = `${nameOf(pack)} ${at}`;
    this.#documents.set(place, structuredClone(entry.document.document));
    return { ...structuredClone(entry), document: { kind: 'kept', place } };
  }
}

function partitionOf(grouping: Grouping, group: string): string {
  return `${JSON.stringify(grouping)} ${group}`;
}

function nameOf({ grouping, group, place }: MemoryPack): string {
  return `${partitionOf(grouping, group)} ${place.sequence} ${place.name}`;
}

function compare({ place: a }: MemoryPack, { place: b }: MemoryPack): number {
  return a.sequence - b.sequence || (a.name < b.name ? -1 : 1);
}
