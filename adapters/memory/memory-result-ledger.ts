import { RESULT_LIMITS } from '../../contract/limits.ts';
import { rememberedOf } from '../../core/memory/validity.ts';
import type { SettledResult } from '../../core/model/result.ts';
import type {
  GroupIndex,
  GroupLog,
  IndexSection,
  KeptHost,
  KeptPack,
  PackPlace,
  ResultLedger,
  ResultPack,
} from '../../core/ports/ledger.ts';
import type { MemoryMark, StoredEntries } from '../../core/ports/memory.ts';
import type { MemoryHostLedger } from './memory-host-ledger.ts';
import { type MemoryMemoryLedger, storedEntries } from './memory-memory-ledger.ts';
import { refuseBatch } from './refuse-batch.ts';

/** The log of one group of a run. */
interface Log {
  holds: number;
  upTo: PackPlace;
  readonly index: IndexSection[];
  /** Packs behind the end of the index, by place. */
  readonly tail: Map<string, KeptPack & { readonly place: PackPlace }>;
  readonly alone: SettledResult[];
}

/** Before every place. */
const START: PackPlace = { hold: 0, part: -1 };
/** Behind every place. */
const END: PackPlace = { hold: Number.POSITIVE_INFINITY, part: 0 };

/** Results in memory, refused where DynamoDB refuses them. */
export class MemoryResultLedger implements ResultLedger {
  readonly limits = RESULT_LIMITS;
  readonly #logs = new Map<string, Log>();
  /** By run and URL, the one that counts. */
  readonly #results = new Map<
    string,
    { readonly result: SettledResult; readonly place: PackPlace }
  >();
  readonly #writes: SettledResult[] = [];
  readonly #hosts: MemoryHostLedger;
  readonly #memory: MemoryMemoryLedger;
  /** By URL and run, its group. */
  readonly #groups = new Map<string, string>();

  constructor(hosts: MemoryHostLedger, memory: MemoryMemoryLedger) {
    this.#hosts = hosts;
    this.#memory = memory;
  }

  async enter(runId: string, group: string): Promise<GroupLog> {
    const log = this.#logOf(runId, group);
    log.holds += 1;
    const tail = [...log.tail.values()].toSorted((a, b) => compare(a.place, b.place));
    const alone = log.alone.map((result) => ({ results: [settledOf(result)] }));
    return { hold: log.holds, index: [...log.index], packs: [...tail, ...alone] };
  }

  async settle(
    packs: readonly ResultPack[],
    hosts: readonly KeptHost[] = [],
    marks: readonly MemoryMark[] = [],
  ): Promise<void> {
    refuseBatch([...packs.map(nameOf), ...hosts.map(({ host }) => host)], this.limits.writes);
    this.#memory.mark(marks);
    for (const { host, record } of hosts) this.#hosts.keep(host, record);
    for (const { runId, group, results, ...place } of packs) {
      const { tail, upTo } = this.#logOf(runId, group);
      if (compare(place, upTo) > 0)
        tail.set(placeName(place), { place, results: results.map(settledOf) });
      for (const result of results) {
        this.#groups.set(resultName(result), group);
        this.#keep(result, place);
      }
    }
  }

  async remembered(runId: string, group: string): Promise<readonly StoredEntries[]> {
    const all = this.all(runId).filter((result) => this.#groups.get(resultName(result)) === group);
    const entries = all.flatMap((result) => rememberedOf(result) ?? []);
    return entries.length === 0 ? [] : [storedEntries(entries)];
  }

  /** As `crawl delete` does. */
  forget(runId: string): void {
    for (const [name, { result }] of this.#results)
      if (result.runId === runId) this.#results.delete(name);
  }

  async settleAlone(group: string, result: SettledResult): Promise<void> {
    this.#logOf(result.runId, group).alone.push(result);
    this.#keep(result, END);
  }

  async addIndex({ runId, group, upTo, sections }: GroupIndex): Promise<void> {
    const log = this.#logOf(runId, group);
    log.index.push(...structuredClone(sections));
    if (compare(upTo, log.upTo) > 0) log.upTo = upTo;
    for (const [name, { place }] of log.tail)
      if (compare(place, log.upTo) <= 0) log.tail.delete(name);
  }

  /** Results that count, of all runs. */
  get size(): number {
    return this.#results.size;
  }

  /** All results of a run, one for each URL. */
  all(runId: string): readonly SettledResult[] {
    const results = [...this.#results.values()].map(({ result }) => result);
    return results.filter((result) => result.runId === runId);
  }

  /** Every result that was written, in order: more than one for a URL is work done twice. */
  writes(runId: string): readonly SettledResult[] {
    return this.#writes.filter((result) => result.runId === runId);
  }

  /** Of how many parts the indexes of a run are. */
  indexParts(runId: string): number {
    const logs = [...this.#logs].filter(([name]) => name.startsWith(`${runId} `));
    return logs.reduce((sum, [, { index }]) => sum + index.length, 0);
  }

  #keep(result: SettledResult, place: PackPlace): void {
    const kept = { ...result };
    this.#writes.push(kept);
    const name = resultName(result);
    const known = this.#results.get(name);
    const isBehind =
      known !== undefined &&
      (known.result.round > result.round ||
        (known.result.round === result.round && compare(known.place, place) > 0));
    if (!isBehind) this.#results.set(name, { result: kept, place });
  }

  #logOf(runId: string, group: string): Log {
    const name = `${runId} ${group}`;
    const known = this.#logs.get(name);
    if (known !== undefined) return known;
    const log: Log = { holds: 0, upTo: START, index: [], tail: new Map(), alone: [] };
    this.#logs.set(name, log);
    return log;
  }
}

function resultName({ runId, url }: SettledResult): string {
  return `${runId} ${url}`;
}

function settledOf(result: SettledResult) {
  const { url, status, reason, taskId, round, kind, format, bytes = 0 } = result;
  const { httpStatus, unchanged } = result;
  return { url, status, reason, taskId, round, kind, format, httpStatus, unchanged, bytes };
}

function nameOf({ runId, group, ...place }: ResultPack): string {
  return `${runId} ${group} ${placeName(place)}`;
}

function placeName({ hold, part }: PackPlace): string {
  return `${hold} ${part}`;
}

function compare(a: PackPlace, b: PackPlace): number {
  return a.hold - b.hold || a.part - b.part;
}
