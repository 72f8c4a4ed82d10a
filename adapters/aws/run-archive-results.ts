import { parseResult, type ResultBody } from '../../contract/items.ts';
import { holdKey, LOG_KEYS, logPartition } from '../../contract/table-keys.ts';
import { urlDigest } from '../../core/model/url-digest.ts';
import { getAllItems, type Item, type Table } from './get-items.ts';
import { linesOf } from './pack-items.ts';
import { queryPartition } from './query-partition.ts';

/** Groups asked ahead of the reader; a page is 1 MiB at most. */
const AHEAD = 4;

/** The run of a table. */
export interface RunPlace extends Table {
  readonly runId: string;
}

/** The results of one group, being read. */
export interface GroupReader {
  readonly group: string;
  /** Newest first, one for each URL. */
  results(): AsyncGenerator<ResultBody>;
  /** Whether a URL has come already. */
  hasMet(url: string): boolean;
}

/** Those groups of a run that anybody worked in, in the order of their names. */
export async function enteredGroups(
  { runId, ...table }: RunPlace,
  all: readonly string[],
): Promise<readonly string[]> {
  const byPartition = new Map(all.map((group) => [holdKey(runId, group).pk, group]));
  const keys = all.map((group) => holdKey(runId, group));
  const found = await getAllItems(table, keys, ['pk']);
  return found.flatMap(({ pk }) => byPartition.get(pk?.S ?? '') ?? []).sort();
}

/** Readers of groups, in their order; the first pages of some of them are asked for ahead. */
export async function* readGroups(
  place: RunPlace,
  groups: readonly string[],
): AsyncGenerator<GroupReader> {
  const ahead: GroupLogReader[] = [];
  for (const group of groups) {
    ahead.push(new GroupLogReader(place, group));
    const first = ahead.length === AHEAD ? ahead.shift() : undefined;
    if (first !== undefined) yield first;
  }
  yield* ahead;
}

/**
 * Reads a log backwards: of several results of one URL the highest round counts, of these the last
 * one. Packs of a later round are later in the log; only what was kept from outside of a hold, and
 * so comes first, may be of an earlier round than what follows.
 */
class GroupLogReader implements GroupReader {
  readonly group: string;
  readonly #pages: AsyncIterator<readonly Item[]>;
  /** Asked for already. */
  #next: Promise<IteratorResult<readonly Item[]>>;
  /** Digests of the URLs that have come. */
  readonly #met = new Set<string>();
  /** By URL, what was kept from outside of a hold. */
  readonly #alone = new Map<string, ResultBody>();

  constructor({ runId, ...table }: RunPlace, group: string) {
    this.group = group;
    this.#pages = queryPartition(table, logPartition(runId, group), {
      range: LOG_KEYS.packs,
      ScanIndexForward: false,
    });
    this.#next = this.#ask();
  }

  hasMet(url: string): boolean {
    return this.#met.has(urlDigest(url));
  }

  async *results(): AsyncGenerator<ResultBody> {
    for (let page = await this.#next; page.done !== true; page = await this.#next) {
      // The next page is on its way while this one is read.
      this.#next = this.#ask();
      for (const item of page.value) {
        const isAlone = !item['sk']?.S?.startsWith(LOG_KEYS.packs.from);
        const lines = linesOf(item).toReversed();
        for (const result of lines.map(parseResult)) {
          if (isAlone) this.#keepAlone(result);
          else yield* this.#pass(result);
        }
      }
    }
    for (const result of this.#alone.values()) {
      this.#met.add(urlDigest(result.url));
      yield result;
    }
  }

  #keepAlone(result: ResultBody): void {
    const known = this.#alone.get(result.url);
    if (known === undefined || known.round < result.round) this.#alone.set(result.url, result);
  }

  *#pass(result: ResultBody): Generator<ResultBody> {
    const alone = this.#alone.get(result.url);
    if (alone !== undefined && alone.round >= result.round) return;
    this.#alone.delete(result.url);
    const digest = urlDigest(result.url);
    if (this.#met.has(digest)) return;
    this.#met.add(digest);
    yield result;
  }

  #ask(): Promise<IteratorResult<readonly Item[]>> {
    const next = this.#pages.next();
    next.catch(() => {}); // met again by whoever awaits the page
    return next;
  }
}
