import { encodeResult } from '../../contract/items.ts';
import { aloneKey, logPartition, packKey } from '../../contract/table-keys.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type { ResultPack } from '../../core/ports/ledger.ts';
import type { Item } from './get-items.ts';
import { itemsOfHalves } from './halves.ts';
import { packLines, unpackLines } from './packed-text.ts';

/** Most bytes of packed results in one item: DynamoDB allows 400 KB for all of it. */
const MAX_BYTES = 380_000;

/** A pack as items: one, or more where its results do not fit into one. */
export function toPackItems(pack: ResultPack): readonly Item[] {
  const { runId, group, results } = pack;
  return itemsOf(logPartition(runId, group), results, (half) => packKey(pack, half));
}

/** A result that is kept from outside of any hold. */
export function toAloneItems(group: string, result: SettledResult): readonly Item[] {
  const { runId, url, round } = result;
  return itemsOf(logPartition(runId, group), [result], () => aloneKey(url, round));
}

/** The lines of an item of a log. */
export function linesOf(item: Item): readonly string[] {
  const packed = item['packed']?.B;
  return packed === undefined ? [] : unpackLines(packed);
}

function itemsOf(
  pk: string,
  results: readonly SettledResult[],
  keyOf: (half: string) => string,
  half = '',
): readonly Item[] {
  const itemOf = (some: readonly SettledResult[], end: string) => {
    const packed = packLines(some.map(encodeResult));
    if (packed.length > MAX_BYTES) return undefined;
    return { pk: { S: pk }, sk: { S: keyOf(end) }, packed: { B: packed } };
  };
  const tooLong = (one: SettledResult, end: string) => itemsOf(pk, [shortened(one)], keyOf, end);
  return itemsOfHalves(results, { itemOf, tooLong }, half);
}

/** Without what alone can be so long: heads of answers, the images that a page names, what a site or a hook said. */
function shortened(result: SettledResult): SettledResult {
  const { exchanges, sightings, detail, extra, ...rest } = result;
  if (exchanges !== undefined) return { ...rest, sightings, detail, extra };
  if (sightings !== undefined) return { ...rest, detail, extra };
  if (detail !== undefined || extra !== undefined) return rest;
  throw new Error(`the result of ${result.url} does not fit into an item`);
}
