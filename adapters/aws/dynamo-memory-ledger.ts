import { parseDocument } from '../../contract/memory-items.ts';
import { grouping as groupingSchema } from '../../contract/run-record.ts';
import {
  MEMORY_KEYS,
  MEMORY_PARTITION,
  memoryPartition,
  parseMemoryPlace,
} from '../../contract/table-keys.ts';
import { MAX_GROUP_BYTES } from '../../core/memory/group-packs.ts';
import { once } from '../../core/memory/once.ts';
import type { Grouping } from '../../core/model/host-group.ts';
import type {
  DocumentPack,
  DocumentPlaces,
  MemoryLedger,
  MemoryPack,
  MemoryPart,
  RecalledGroup,
} from '../../core/ports/memory.ts';
import type { KeptDocument } from '../../core/ports/remembered.ts';
import { getItems, type Item, type Table } from './get-items.ts';
import { documentLine, fromMemoryItem, toDocumentItems, toMemoryItems } from './memory-items.ts';
import { putAllItems } from './put-items.ts';
import { queryPartition } from './query-partition.ts';

/** Items of documents that are kept decoded by this worker. */
const MAX_DOCUMENTS = 8;

/** Memory across runs as items of the table: for each group a partition of marks, packs and documents. */
export class DynamoMemoryLedger implements MemoryLedger {
  readonly #table: Table;
  /** By partition and sort key. */
  readonly #documents = new Map<string, Promise<Item | undefined>>();

  constructor(table: Table) {
    this.#table = table;
  }

  async groupings(): Promise<readonly Grouping[]> {
    const all: Grouping[] = [];
    for await (const items of queryPartition(this.#table, MEMORY_PARTITION)) {
      for (const item of items) {
        const parsed = groupingSchema.safeParse(JSON.parse(item['grouping']?.S ?? 'null'));
        if (parsed.success) all.push(parsed.data);
      }
    }
    return all;
  }

  async recall(grouping: Grouping, group: string): Promise<RecalledGroup> {
    const parts: MemoryPart[] = [];
    const unreadable: number[] = [];
    let floor = 0;
    for await (const item of this.#newestFirst(memoryPartition(grouping, group))) {
      const { sequence } = parseMemoryPlace(item['sk']?.S ?? '') ?? { sequence: 0 };
      if (sequence < floor) break;
      const stored = fromMemoryItem(item);
      if (stored === undefined) unreadable.push(sequence);
      else {
        floor = Math.max(floor, stored.floor);
        parts.push(stored.part);
      }
    }
    return { parts: parts.reverse(), floor, unreadable };
  }

  async remember(packs: readonly MemoryPack[]): Promise<void> {
    await putAllItems(this.#table, packs.flatMap(toMemoryItems));
  }

  async keepDocuments(packs: readonly DocumentPack[]): Promise<readonly DocumentPlaces[]> {
    const kept = packs.map(toDocumentItems);
    await putAllItems(
      this.#table,
      kept.flatMap(({ items }) => items),
    );
    return kept.map(({ places }) => places);
  }

  async document(
    grouping: Grouping,
    group: string,
    place: string,
  ): Promise<KeptDocument | undefined> {
    const [, sk = '', line = ''] = /^(.*)\/(\d+)$/s.exec(place) ?? [];
    const item = await this.#documentItem(memoryPartition(grouping, group), sk);
    const json = item === undefined ? undefined : documentLine(item, Number(line));
    return json === undefined ? undefined : parseDocument(json);
  }

  /** Pages of one task lie mostly in few items: each is read once. */
  #documentItem(pk: string, sk: string): Promise<Item | undefined> {
    const read = async () => (await getItems(this.#table, [{ pk, sk }]))[0];
    return once(this.#documents, `${pk} ${sk}`, read, MAX_DOCUMENTS);
  }

  async *#newestFirst(partition: string): AsyncGenerator<Item> {
    const pages = queryPartition(this.#table, partition, {
      range: MEMORY_KEYS.packs,
      ScanIndexForward: false,
      // An older state costs later downloads, and a strong read costs twice as much.
      ConsistentRead: false,
      // What a query costs only its answer tells.
      ReturnConsumedCapacity: 'TOTAL',
    });
    let read = 0;
    for await (const items of pages) {
      for (const item of items) {
        yield item;
        read += item['packed']?.B?.byteLength ?? 0;
      }
      if (read > MAX_GROUP_BYTES) return;
    }
  }
}
