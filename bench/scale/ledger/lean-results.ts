import { RESULT_LIMITS } from '../../../contract/limits.ts';
import type {
  GroupIndex,
  GroupLog,
  KeptHost,
  ResultLedger,
  ResultPack,
  SettledUrl,
} from '../../../core/ports/ledger.ts';
import type { Table } from '../models/table.ts';
import type { HostRecords } from './host-records.ts';
import { enterReads, indexWrites, packWrites } from './item-sizes.ts';
import type { Weights } from './weights.ts';

interface Group {
  holds: number;
  /** URLs in the index, and results that are in none. */
  indexed: number;
  unindexed: number;
  /** Results of open tasks, by task: of what is done nobody asks again. */
  readonly open: Map<string, SettledUrl[]>;
}

/** Results, of which those of open tasks are kept. */
export class LeanResults implements ResultLedger {
  readonly limits = RESULT_LIMITS;
  readonly #table: Table;
  readonly #hosts: HostRecords;
  readonly #weights: Weights;
  readonly #groups = new Map<string, Group>();
  /** Told of every write of a result. */
  onWrite: (url: string) => void = () => {};

  constructor(table: Table, hosts: HostRecords, weights: Weights) {
    this.#table = table;
    this.#hosts = hosts;
    this.#weights = weights;
  }

  async enter(_runId: string, name: string): Promise<GroupLog> {
    const group = this.#of(name);
    group.holds += 1;
    const { holds, indexed, unindexed } = group;
    await this.#table.read(`results ${name}`, enterReads(indexed, unindexed));
    await this.#table.write(`hold ${name}`, 1);
    const packs = [...group.open.values()].map((results) => ({ results }));
    return { hold: holds, index: [], packs };
  }

  async settle(packs: readonly ResultPack[], hosts: readonly KeptHost[] = []): Promise<void> {
    await Promise.all([
      ...packs.map((pack) => this.#write(pack)),
      ...hosts.map((host) => this.#hosts.write(host)),
    ]);
  }

  async settleAlone(): Promise<void> {
    throw new Error('nobody of the model settles from outside of a hold');
  }

  async addIndex({ group: name, sections }: GroupIndex): Promise<void> {
    const group = this.#of(name);
    const urls = sections.reduce((sum, { digests }) => sum + digests.length, 0);
    const weight = Math.max(urls, group.unindexed);
    await this.#table.write(`results ${name}`, indexWrites(weight));
    group.indexed += weight;
    group.unindexed = 0;
  }

  async remembered(): Promise<never> {
    throw new Error('runs of the model have no memory');
  }

  /** A task is done: what is settled in it is not asked for again. */
  taskDone(name: string, taskId: string): void {
    this.#groups.get(name)?.open.delete(taskId);
  }

  async #write({ group: name, results }: ResultPack): Promise<void> {
    const group = this.#of(name);
    const weight = results.reduce((sum, { url }) => sum + this.#weights.urlsIn(url), 0);
    await this.#table.write(`results ${name}`, packWrites(weight, 1));
    for (const { url } of results) await this.#writeHosts(url);
    group.unindexed += weight;
    for (const result of results) {
      this.onWrite(result.url);
      const { url, status, reason, bytes = 0, taskId, round } = result;
      const open = group.open.get(taskId) ?? [];
      group.open.set(taskId, open);
      open.push({ url, status, reason, bytes, taskId, round });
    }
  }

  /** Each is an item, under a key of its own. */
  async #writeHosts(url: string): Promise<void> {
    const hosts = this.#weights.newHostsIn(url);
    await Promise.all(
      Array.from({ length: hosts }, (_, at) => this.#table.write(`host ${at} of ${url}`, 1)),
    );
  }

  #of(name: string): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = { holds: 0, indexed: 0, unindexed: 0, open: new Map() };
    this.#groups.set(name, group);
    return group;
  }
}
