import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { holdItem, parseSettled } from '../../contract/items.ts';
import { RESULT_LIMITS } from '../../contract/limits.ts';
import {
  afterPack,
  holdKey,
  LOG_KEYS,
  logPartition,
  parsePlace,
  placeText,
} from '../../contract/table-keys.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type {
  GroupIndex,
  GroupLog,
  IndexSection,
  KeptHost,
  KeptPack,
  ResultLedger,
  ResultPack,
  SettledUrl,
} from '../../core/ports/ledger.ts';
import type { MemoryMark, StoredEntries } from '../../core/ports/memory.ts';
import { unlessFalse } from './conditional-write.ts';
import type { Item, Table } from './get-items.ts';
import { toHostItem } from './host-items.ts';
import { sectionsOf, toIndexItem } from './index-items.ts';
import { newGroupings, toMarkItem } from './memory-items.ts';
import { linesOf, toAloneItems, toPackItems } from './pack-items.ts';
import { putAllItems, putItems } from './put-items.ts';
import { queryPartition } from './query-partition.ts';
import { rememberedIn } from './remembered-results.ts';

/** Results as items of the table: for each group of a run a log of packs, in a partition of its own. */
export class DynamoResultLedger implements ResultLedger {
  readonly limits = RESULT_LIMITS;
  readonly #table: Table;
  /** Groupings that this worker has told of, by name. */
  readonly #groupings = new Set<string>();

  constructor(table: Table) {
    this.#table = table;
  }

  async enter(runId: string, group: string): Promise<GroupLog> {
    const answer = await this.#table.dynamo.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
        Key: marshall(holdKey(runId, group)),
        UpdateExpression: 'ADD #hold :one',
        ExpressionAttributeNames: { '#hold': 'hold' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const { hold, upTo } = holdItem.parse(unmarshall(answer.Attributes ?? {}));
    // Nobody was here before, so that there is nothing to read.
    if (hold === 1) return { hold, index: [], packs: [] };
    const place = upTo === undefined ? undefined : parsePlace(upTo);
    const [index, packs] = await Promise.all([
      place === undefined ? [] : this.#readIndex(runId, group),
      this.#readPacks(runId, group, place === undefined ? LOG_KEYS.packs.from : afterPack(place)),
    ]);
    return { hold, index, packs };
  }

  async settle(
    packs: readonly ResultPack[],
    hosts: readonly KeptHost[] = [],
    marks: readonly MemoryMark[] = [],
  ): Promise<void> {
    const count = packs.length + hosts.length;
    const { writes } = this.limits;
    if (count > writes)
      throw new RangeError(`${count} packs and hosts, expected at most ${writes}`);
    const nowMs = this.#table.clock.now();
    const groupings = newGroupings(marks, this.#groupings);
    await putAllItems(this.#table, [
      ...packs.flatMap(toPackItems),
      ...hosts.map((host) => toHostItem(host, nowMs)),
      ...marks.map(toMarkItem),
      ...groupings.values(),
    ]);
    for (const name of groupings.keys()) this.#groupings.add(name);
  }

  async remembered(runId: string, group: string): Promise<readonly StoredEntries[]> {
    const { from, to } = LOG_KEYS.packs;
    // An older state costs later downloads, and a strong read costs twice as much.
    const items: Item[] = [];
    for await (const item of this.#query(runId, group, from, to, false)) items.push(item);
    return rememberedIn(runId, items);
  }

  settleAlone(group: string, result: SettledResult): Promise<void> {
    return putItems(this.#table, toAloneItems(group, result));
  }

  /** The part first: what says how far the index goes must find all of it. */
  async addIndex(index: GroupIndex): Promise<void> {
    const { runId, group, upTo } = index;
    await putItems(this.#table, [toIndexItem(index)]);
    const update = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: marshall(holdKey(runId, group)),
      UpdateExpression: 'SET #upTo = :upTo',
      // Where it does not hold, another worker has come further.
      ConditionExpression: 'attribute_not_exists(#upTo) OR #upTo < :upTo',
      ExpressionAttributeNames: { '#upTo': 'upTo' },
      ExpressionAttributeValues: { ':upTo': { S: placeText(upTo) } },
    });
    await unlessFalse(this.#table.dynamo.send(update));
  }

  async #readIndex(runId: string, group: string): Promise<readonly IndexSection[]> {
    const { from, to } = LOG_KEYS.index;
    const sections: IndexSection[] = [];
    for await (const item of this.#query(runId, group, from, to))
      sections.push(...sectionsOf(item));
    return sections;
  }

  async #readPacks(runId: string, group: string, from: string): Promise<readonly KeptPack[]> {
    const packs = new Map<string, KeptPack & { readonly results: SettledUrl[] }>();
    for await (const item of this.#query(runId, group, from, LOG_KEYS.packs.to)) {
      const sk = item['sk']?.S ?? '';
      const place = sk.startsWith(LOG_KEYS.packs.from) ? parsePlace(sk) : undefined;
      const name = place === undefined ? sk : placeText(place);
      // Two halves of a pack are one.
      const results = packs.get(name)?.results ?? [];
      results.push(...linesOf(item).map(parseSettled));
      packs.set(name, { place, results });
    }
    return [...packs.values()];
  }

  async *#query(
    runId: string,
    group: string,
    from: string,
    to: string,
    isStrong = true,
  ): AsyncGenerator<Item> {
    const pages = queryPartition(this.#table, logPartition(runId, group), {
      range: { from, to },
      ConsistentRead: isStrong,
      // What a query costs only its answer tells.
      ReturnConsumedCapacity: 'TOTAL',
    });
    for await (const items of pages) yield* items;
  }
}
