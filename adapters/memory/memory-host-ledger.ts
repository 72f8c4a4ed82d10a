import type { HostRecord } from '../../core/model/host-record.ts';
import type { HostLedger } from '../../core/ports/ledger.ts';

/** Hosts in memory. */
export class MemoryHostLedger implements HostLedger {
  readonly #records = new Map<string, HostRecord>();

  async read(host: string): Promise<HostRecord | undefined> {
    return this.#records.get(host);
  }

  /** What is kept of a host. */
  record(host: string): HostRecord | undefined {
    return this.#records.get(host);
  }

  /** Replaces what was kept of a host. */
  keep(host: string, record: HostRecord): void {
    this.#records.set(host, { ...record });
  }
}
