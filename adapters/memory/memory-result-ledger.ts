import type { KeptHost, ResultLedger, Settled } from '../../core/ports/ledger.ts';
import type { SettledResult } from '../../core/result.ts';
import type { MemoryHostLedger } from './memory-host-ledger.ts';
import { refuseBatch } from './refuse-batch.ts';

/** Most items of a BatchWriteItem. */
const MAX_WRITES = 25;

/** Results in memory, refused where DynamoDB refuses them. */
export class MemoryResultLedger implements ResultLedger {
  readonly #results = new Map<string, SettledResult>();
  readonly #writes: SettledResult[] = [];
  readonly #hosts: MemoryHostLedger;

  constructor(hosts: MemoryHostLedger) {
    this.#hosts = hosts;
  }

  async settle(results: readonly SettledResult[], hosts: readonly KeptHost[] = []): Promise<void> {
    refuseBatch([...results.map(keyOf), ...hosts.map(({ host }) => host)], MAX_WRITES);
    for (const { host, record } of hosts) this.#hosts.keep(host, record);
    for (const result of results) {
      const kept = { ...result };
      this.#results.set(keyOf(result), kept);
      this.#writes.push(kept);
    }
  }

  /** What a worker reads of a target. */
  settled(runId: string, url: string): Settled | undefined {
    const result = this.#results.get(keyOf({ runId, url }));
    if (result === undefined) return undefined;
    const { status, reason, taskId, round, kind, format, bytes = 0 } = result;
    return { status, reason, taskId, round, kind, format, bytes };
  }

  /** Results kept, of all runs. */
  get size(): number {
    return this.#results.size;
  }

  /** All results of a run. */
  all(runId: string): readonly SettledResult[] {
    return [...this.#results.values()].filter((result) => result.runId === runId);
  }

  /** Every write that was made, in order: more than one for a URL is work done twice. */
  writes(runId: string): readonly SettledResult[] {
    return this.#writes.filter((result) => result.runId === runId);
  }
}

function keyOf({ runId, url }: Pick<SettledResult, 'runId' | 'url'>): string {
  return `${runId} ${url}`;
}
