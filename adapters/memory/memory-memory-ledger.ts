import type { Grouping } from '../../core/model/host-group.ts';
import type {
  DocumentPack,
  DocumentPlaces,
  MemoryEdge,
  MemoryLedger,
  MemoryMark,
  MemoryPack,
  RecalledGroup,
  StoredEntries,
} from '../../core/ports/memory.ts';
import type { KeptDocument, Remembered } from '../../core/ports/remembered.ts';
import { refuseBatch } from './refuse-batch.ts';

type Edge = MemoryEdge & Partial<Pick<MemoryPack, 'entries'>>;

/** Memory across runs, in memory. */
export class MemoryMemoryLedger implements MemoryLedger {
  readonly #groupings = new Map<string, Grouping>();
  /** By partition and place. */
  readonly #edges = new Map<string, Map<string, Edge>>();
  readonly #documents = new Map<string, KeptDocument>();

  async groupings(): Promise<readonly Grouping[]> {
    return [...this.#groupings.values()];
  }

  async recall(grouping: Grouping, group: string): Promise<RecalledGroup> {
    const all = [...(this.#edges.get(partitionOf(grouping, group))?.values() ?? [])];
    const floor = Math.max(0, ...all.map((edge) => edge.floor));
    const parts = all
      .filter(({ place }) => place.sequence >= floor)
      .toSorted((a, b) => compare(a, b))
      .map(({ place, head, entries }) => {
        return { place, head, entries: entries && storedEntries(entries) };
      });
    return { parts, floor, unreadable: [] };
  }

  async remember(packs: readonly MemoryPack[]): Promise<void> {
    refuseBatch(packs.map(nameOf));
    for (const pack of packs) this.#keep(structuredClone(pack));
  }

  /** What came with results. */
  mark(marks: readonly MemoryMark[]): void {
    for (const mark of marks) this.#keep(structuredClone(mark));
    for (const { grouping } of marks) this.#groupings.set(JSON.stringify(grouping), grouping);
  }

  async keepDocuments(packs: readonly DocumentPack[]): Promise<readonly DocumentPlaces[]> {
    refuseBatch(packs.map(({ group, name }) => `${group} ${name}`));
    return packs.map(({ name, documents }) =>
      documents.map((document, at) => {
        this.#documents.set(`${name} ${at}`, structuredClone(document));
        return `${name} ${at}`;
      }),
    );
  }

  async document(
    _grouping: Grouping,
    _group: string,
    place: string,
  ): Promise<KeptDocument | undefined> {
    return structuredClone(this.#documents.get(place));
  }

  /** As time does, which ends documents before the results that name them. */
  forgetDocuments(): void {
    this.#documents.clear();
  }

  /** Every mark and pack. */
  all(): readonly Edge[] {
    return [...this.#edges.values()].flatMap((edges) => [...edges.values()]);
  }

  #keep(edge: Edge): void {
    const partition = partitionOf(edge.grouping, edge.group);
    const known = this.#edges.get(partition) ?? new Map<string, Edge>();
    this.#edges.set(partition, known);
    known.set(nameOf(edge), edge);
  }
}

/** Entries as they come from a ledger. */
export function storedEntries(entries: readonly Remembered[]): StoredEntries {
  const digests = entries.map(({ digest }) => digest);
  return { bytes: entries.length, digests, read: () => structuredClone(entries) };
}

function partitionOf(grouping: Grouping, group: string): string {
  return `${JSON.stringify(grouping)} ${group}`;
}

function nameOf({ grouping, group, place }: MemoryEdge): string {
  return `${partitionOf(grouping, group)} ${place.sequence} ${place.name}`;
}

function compare({ place: a }: MemoryEdge, { place: b }: MemoryEdge): number {
  return a.sequence - b.sequence || (a.name < b.name ? -1 : 1);
}
