import type { HostRecord } from '../../core/model/host-record.ts';
import type { HostLedger } from '../../core/ports/ledger.ts';

/** What the table knows of a few hosts, read in turns: each look asks for a few of them only. */
export class HostRecords {
  readonly #known = new Map<string, { readonly record: HostRecord | undefined; turn: number }>();
  #turn = 0;

  /**
   * Reads the records of at most `limit` of these hosts: those that were never read, then those
   * that were read longest ago. Hosts that are not named any more are forgotten.
   */
  async read(
    ledger: Pick<HostLedger, 'read'>,
    hosts: readonly string[],
    limit: number,
  ): Promise<void> {
    this.#turn += 1;
    const named = new Set(hosts);
    for (const host of this.#known.keys()) if (!named.has(host)) this.#known.delete(host);
    const turnOf = (host: string) => this.#known.get(host)?.turn ?? 0;
    const due = hosts.toSorted((a, b) => turnOf(a) - turnOf(b)).slice(0, limit);
    const turn = this.#turn;
    await Promise.all(
      due.map(async (host) => this.#known.set(host, { record: await ledger.read(host), turn })),
    );
  }

  get(host: string): HostRecord | undefined {
    return this.#known.get(host)?.record;
  }
}
