import { hostKey } from '../../contract/table-keys.ts';
import type { HostRecord } from '../../core/model/host-record.ts';
import type { HostLedger } from '../../core/ports/ledger.ts';
import { getItem } from './get-item.ts';
import type { Table } from './get-items.ts';
import { ofHostItem } from './host-items.ts';

/** Hosts as items of the table, which drops them some time after `expiresS`. */
export class DynamoHostLedger implements HostLedger {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async read(host: string): Promise<HostRecord | undefined> {
    const item = await getItem(this.#table, hostKey(host));
    return item && ofHostItem(item)?.[1];
  }
}
