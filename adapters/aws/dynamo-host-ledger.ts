import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { hostKey } from '../../contract/table-keys.ts';
import type { HostRecord } from '../../core/model/host-record.ts';
import type { HostLedger } from '../../core/ports/ledger.ts';
import type { Table } from './get-items.ts';
import { ofHostItem } from './host-items.ts';

/** Hosts as items of the table, which drops them some time after `expiresS`. */
export class DynamoHostLedger implements HostLedger {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async read(host: string): Promise<HostRecord | undefined> {
    const answer = await this.#table.dynamo.send(
      new GetItemCommand({
        TableName: this.#table.name,
        Key: marshall(hostKey(host)),
        ConsistentRead: true,
      }),
    );
    return answer.Item && ofHostItem(answer.Item)?.[1];
  }
}
