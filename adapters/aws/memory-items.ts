import {
  encodeRemembered,
  MEMORY_VERSION,
  memoryHead,
  parseRemembered,
} from '../../contract/memory-items.ts';
import {
  memoryDocumentKey,
  memoryGroupingKey,
  memoryPackKey,
  memoryPartition,
  parseMemoryPlace,
} from '../../contract/table-keys.ts';
import { portionsOf } from '../../core/model/portions.ts';
import { DIGEST_BYTES } from '../../core/model/url-digest.ts';
import type {
  DocumentPack,
  DocumentPlaces,
  MemoryEdge,
  MemoryMark,
  MemoryPack,
  MemoryPart,
  StoredEntries,
} from '../../core/ports/memory.ts';
import type { KeptDocument, Remembered } from '../../core/ports/remembered.ts';
import type { Item } from './get-items.ts';
import { itemsOfHalves } from './halves.ts';
import { packLines, unpackLines } from './packed-text.ts';

/** Most bytes of packed lines in one item: DynamoDB allows 400 KB for all of it. */
const MAX_BYTES = 370_000;
/** Documents of one item: what one of them is asked for brings the others along. */
const DOCUMENTS = 25;

/** A mark or a pack, and what it lets be passed over. */
interface StoredPart {
  readonly part: MemoryPart;
  readonly floor: number;
}

/** A pack as items: one, or more where its entries do not fit into one. */
export function toMemoryItems(pack: MemoryPack): readonly Item[] {
  const itemOf = (some: readonly Remembered[], half: string) => {
    const packed = packLines(some.map(encodeRemembered));
    if (packed.length > MAX_BYTES) return undefined;
    const urls = Buffer.from(some.map(({ digest }) => digest).join(''), 'latin1');
    return { ...edgeItem(pack, half), urls: { B: Uint8Array.from(urls) }, packed: { B: packed } };
  };
  return itemsOfHalves(pack.entries, { itemOf, tooLong: () => [] });
}

/** A mark as an item: a pack without entries. */
export function toMarkItem(mark: MemoryMark): Item {
  return edgeItem(mark, '');
}

/** Items of the groupings of marks that are not told of yet, by name: whoever groups otherwise looks there, too. */
export function newGroupings(
  marks: readonly MemoryMark[],
  told: ReadonlySet<string>,
): ReadonlyMap<string, Item> {
  const items = new Map<string, Item>();
  for (const { grouping, head } of marks) {
    const { pk, sk } = memoryGroupingKey(grouping);
    const text = JSON.stringify(grouping);
    const item = { pk: { S: pk }, sk: { S: sk }, grouping: { S: text }, expiresS: expiryOf(head) };
    if (!told.has(sk)) items.set(sk, item);
  }
  return items;
}

/** A stored pack or mark; undefined when another version wrote it. */
export function fromMemoryItem(item: Item): StoredPart | undefined {
  const head = headOf(item['head']?.S ?? '');
  const place = parseMemoryPlace(item['sk']?.S ?? '');
  if (head === undefined || place === undefined) return undefined;
  const { floor, version: _, ...shared } = head;
  return { part: { place, head: shared, entries: entriesOf(item) }, floor };
}

function entriesOf(item: Item): StoredEntries | undefined {
  const packed = item['packed']?.B;
  if (packed === undefined) return undefined;
  const digests = digestsOf(item['urls']?.B ?? new Uint8Array());
  return {
    bytes: packed.byteLength,
    digests,
    read: () => unpackLines(packed).map((line, at) => parseRemembered(line, digests[at] ?? '')),
  };
}

/** The line of a document in an item of documents. */
export function documentLine(item: Item, line: number): string | undefined {
  const packed = item['packed']?.B;
  return packed === undefined ? undefined : unpackLines(packed)[line];
}

function edgeItem({ grouping, group, place, head, floor }: MemoryEdge, half: string): Item {
  return {
    pk: { S: memoryPartition(grouping, group) },
    sk: { S: memoryPackKey(place, half) },
    head: { S: JSON.stringify({ version: MEMORY_VERSION, ...head, floor }) },
    expiresS: expiryOf(head),
  };
}

/** Documents as items, and for each of them its place: undefined where it does not fit into any item. */
export function toDocumentItems(pack: DocumentPack): {
  readonly items: readonly Item[];
  readonly places: DocumentPlaces;
} {
  const places = new Map<KeptDocument, string>();
  const items: Item[] = [];
  for (const [part, some] of portionsOf(pack.documents, DOCUMENTS).entries())
    items.push(...documentItems(pack, some, String(part), places));
  return { items, places: pack.documents.map((document) => places.get(document)) };
}

function documentItems(
  pack: DocumentPack,
  documents: readonly KeptDocument[],
  part: string,
  places: Map<KeptDocument, string>,
): readonly Item[] {
  const { grouping, group, name } = pack;
  const itemOf = (some: readonly KeptDocument[], half: string) => {
    const packed = packLines(some.map((document) => JSON.stringify(document)));
    if (packed.length > MAX_BYTES) return undefined;
    const sk = memoryDocumentKey(name, half);
    for (const [line, document] of some.entries()) places.set(document, `${sk}/${line}`);
    return {
      pk: { S: memoryPartition(grouping, group) },
      sk: { S: sk },
      packed: { B: packed },
      expiresS: expiryOf(pack),
    };
  };
  return itemsOfHalves(documents, { itemOf, tooLong: () => [] }, part);
}

function expiryOf({ untilMs }: { readonly untilMs: number }): { readonly N: string } {
  return { N: String(Math.ceil(untilMs / 1000)) };
}

function headOf(json: string) {
  try {
    return memoryHead.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

function digestsOf(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes).toString('latin1');
  return Array.from({ length: text.length / DIGEST_BYTES }, (_, at) =>
    text.slice(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES),
  );
}
