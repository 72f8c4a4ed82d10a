import * as z from 'zod';
import { parseResult } from '../../contract/items.ts';
import { rememberedOf } from '../../core/memory/validity.ts';
import { urlDigest } from '../../core/model/url-digest.ts';
import type { StoredEntries } from '../../core/ports/memory.ts';
import type { Remembered } from '../../core/ports/remembered.ts';
import type { Item } from './get-items.ts';
import { unpackLines } from './packed-text.ts';

/** So much of a result tells whether it is remembered. */
const told = z.object({ url: z.string(), validity: z.looseObject({}).optional() });

/** Where a result stands in a log, and whether later runs remember it. */
interface Last {
  readonly item: number;
  readonly isRemembered: boolean;
}

/** What is remembered of the results of these items, which come in the order of their log: of each URL the last one. */
export function rememberedIn(runId: string, items: readonly Item[]): readonly StoredEntries[] {
  const packs = items.map((item) => item['packed']?.B ?? new Uint8Array());
  const last = new Map<string, Last>();
  for (const [item, packed] of packs.entries()) {
    for (const line of unpackLines(packed)) {
      const { url, validity } = told.parse(JSON.parse(line));
      last.set(urlDigest(url), { item, isRemembered: validity !== undefined });
    }
  }
  const digests = packs.map((): string[] => []);
  for (const [digest, { item, isRemembered }] of last)
    if (isRemembered) digests[item]?.push(digest);
  return packs.flatMap((packed, item) => {
    const own = digests[item] ?? [];
    return own.length === 0 ? [] : entriesOf(runId, packed, own);
  });
}

function entriesOf(runId: string, packed: Uint8Array, digests: readonly string[]): StoredEntries {
  const read = (): readonly Remembered[] => {
    const all = unpackLines(packed).flatMap((line) => {
      return rememberedOf({ ...parseResult(line), runId }) ?? [];
    });
    const byDigest = new Map(all.map((entry) => [entry.digest, entry]));
    return digests.flatMap((digest) => byDigest.get(digest) ?? []);
  };
  return { bytes: packed.byteLength, digests, read };
}
