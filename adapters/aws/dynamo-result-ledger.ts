import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { resultAttributes } from '../../contract/items.ts';
import { resultKey } from '../../contract/table-keys.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { KeptHost, ResultLedger } from '../../core/ports/ledger.ts';
import type { SettledResult } from '../../core/result.ts';
import { untilTaken } from './batch-retry.ts';
import { toHostItem } from './host-items.ts';

/** Results as items of the table: one each, below 1 KiB, so one write unit. */
export class DynamoResultLedger implements ResultLedger {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(dynamo: DynamoDBClient, table: string, clock: Clock) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#clock = clock;
  }

  settle(results: readonly SettledResult[], hosts: readonly KeptHost[] = []): Promise<void> {
    const nowMs = this.#clock.now();
    const items = hosts.map((host) => ({ PutRequest: { Item: toHostItem(host, nowMs) } }));
    const puts: readonly WriteRequest[] = [...results.map(toPut), ...items];
    return untilTaken(puts, this.#clock, (rest) => this.#write(rest));
  }

  async #write(puts: readonly WriteRequest[]): Promise<readonly WriteRequest[]> {
    const answer = await this.#dynamo.send(
      new BatchWriteItemCommand({ RequestItems: { [this.#table]: [...puts] } }),
    );
    return answer.UnprocessedItems?.[this.#table] ?? [];
  }
}

/** Written out: marshalling a few texts by a library costs more than all else of a settled target. */
function toPut(result: SettledResult): WriteRequest {
  const texts = { ...resultKey(result.runId, result.url), ...resultAttributes(result) };
  const attributes = Object.entries(texts).map(([name, text]) => [name, { S: text }]);
  return { PutRequest: { Item: Object.fromEntries(attributes) } };
}
