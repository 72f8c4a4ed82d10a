import type { HostRecord } from '../../../core/model/host-record.ts';
import type { HostLedger, KeptHost } from '../../../core/ports/ledger.ts';
import type { Table } from '../models/table.ts';

/** Records of hosts that are kept, the oldest forgotten first: their tasks are long done then. */
const MOST = 400_000;

/** What workers know of hosts. */
export class HostRecords implements HostLedger {
  readonly #table: Table;
  readonly #records = new Map<string, HostRecord>();

  constructor(table: Table) {
    this.#table = table;
  }

  async read(host: string): Promise<HostRecord | undefined> {
    await this.#table.read(`host ${host}`, 1);
    return this.#records.get(host);
  }

  /** What is kept of a host, as a task's question brings it. */
  peek(host: string): HostRecord | undefined {
    return this.#records.get(host);
  }

  async write({ host, record }: KeptHost): Promise<void> {
    await this.#table.write(`host ${host}`, 1);
    this.#records.delete(host);
    this.#records.set(host, record);
    const [oldest] = this.#records.keys();
    if (this.#records.size > MOST && oldest !== undefined) this.#records.delete(oldest);
  }
}
