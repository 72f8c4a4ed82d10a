import {
  encodeRemembered,
  MEMORY_VERSION,
  memoryHead,
  parseRemembered,
} from '../../contract/memory-items.ts';
import {
  memoryDocumentKey,
  memoryPackKey,
  memoryPartition,
  parseMemoryPlace,
} from '../../contract/table-keys.ts';
import { DIGEST_BYTES } from '../../core/model/url-digest.ts';
import type { MemoryPack, StoredMemory } from '../../core/ports/memory.ts';
import type { KeptDocument, Remembered } from '../../core/ports/remembered.ts';
import type { Item } from './get-items.ts';
import { itemsOfHalves } from './halves.ts';
import { packLines, unpackLines } from './packed-text.ts';

/** Most bytes of packed lines in one item: DynamoDB allows 400 KB for all of it. */
const MAX_BYTES = 370_000;
/** Documents of one item: what one of them is asked for brings the others along. */
const DOCUMENTS = 25;

/** A pack as items: the documents of its entries first, then the entries that name their places. */
export function toMemoryItems(pack: MemoryPack): readonly Item[] {
  const items: Item[] = [];
  const places = new Map<Remembered, string>();
  const fresh = pack.entries.filter(({ document }) => document?.kind === 'new');
  for (let at = 0; at < fresh.length; at += DOCUMENTS)
    items.push(...documentItems(pack, fresh.slice(at, at + DOCUMENTS), `${at}`, places));
  // A page whose document does not fit into any item is as good as not remembered.
  const entries = pack.entries.filter(
    (entry) => entry.document?.kind !== 'new' || places.has(entry),
  );
  return [...items, ...entryItems(pack, entries, places)];
}

/** A stored pack; undefined when another version wrote it. */
export function fromMemoryItem(
  item: Item,
): (StoredMemory & { readonly floor: number }) | undefined {
  const head = headOf(item['head']?.S ?? '');
  const place = parseMemoryPlace(item['sk']?.S ?? '');
  const packed = item['packed']?.B;
  if (head === undefined || place === undefined || packed === undefined) return undefined;
  const digests = digestsOf(item['urls']?.B ?? new Uint8Array());
  const { floor, version: _, ...shared } = head;
  return {
    place,
    head: shared,
    floor,
    digests,
    read: () => {
      return unpackLines(packed).map((line, at) => parseRemembered(line, digests[at] ?? ''));
    },
  };
}

/** The line of a document in an item of documents. */
export function documentLine(item: Item, line: number): string | undefined {
  const packed = item['packed']?.B;
  return packed === undefined ? undefined : unpackLines(packed)[line];
}

function entryItems(
  pack: MemoryPack,
  entries: readonly Remembered[],
  places: ReadonlyMap<Remembered, string>,
): readonly Item[] {
  if (entries.length === 0) return [];
  const { grouping, group, place, head, floor } = pack;
  const itemOf = (some: readonly Remembered[], half: string) => {
    const packed = packLines(some.map((entry) => encodeRemembered(entry, placeOf(entry, places))));
    if (packed.length > MAX_BYTES) return undefined;
    const urls = Buffer.from(some.map(({ digest }) => digest).join(''), 'latin1');
    return {
      pk: { S: memoryPartition(grouping, group) },
      sk: { S: memoryPackKey(place, half) },
      head: { S: JSON.stringify({ version: MEMORY_VERSION, ...head, floor }) },
      urls: { B: Uint8Array.from(urls) },
      packed: { B: packed },
      expiresS: expiryOf(pack),
    };
  };
  return itemsOfHalves(entries, { itemOf, tooLong: () => [] });
}

function placeOf(entry: Remembered, places: ReadonlyMap<Remembered, string>): string | undefined {
  return entry.document?.kind === 'kept' ? entry.document.place : places.get(entry);
}

function documentItems(
  pack: MemoryPack,
  entries: readonly Remembered[],
  part: string,
  places: Map<Remembered, string>,
): readonly Item[] {
  const { grouping, group, place } = pack;
  const itemOf = (some: readonly Remembered[], half: string) => {
    const packed = packLines(some.map(({ document }) => JSON.stringify(newDocument(document))));
    if (packed.length > MAX_BYTES) return undefined;
    const sk = memoryDocumentKey(place, half);
    for (const [line, entry] of some.entries()) places.set(entry, `${sk}/${line}`);
    return {
      pk: { S: memoryPartition(grouping, group) },
      sk: { S: sk },
      packed: { B: packed },
      expiresS: expiryOf(pack),
    };
  };
  return itemsOfHalves(entries, { itemOf, tooLong: () => [] }, part);
}

function newDocument(source: Remembered['document']): KeptDocument | undefined {
  return source?.kind === 'new' ? source.document : undefined;
}

function expiryOf({ head: { untilMs } }: MemoryPack): { readonly N: string } {
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
