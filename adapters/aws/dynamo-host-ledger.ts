import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { parseRobots } from '../../contract/items.ts';
import { paceKey, robotsKey } from '../../contract/table-keys.ts';
import type { HostPace } from '../../core/host-lane.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { HostLedger } from '../../core/ports/ledger.ts';
import { ROBOTS_STALE_MS, type RobotsCopy } from '../../core/robots/robots-copy.ts';
import { pack, unpack } from './packed-text.ts';

/** A pace is news for so long, in milliseconds: longer than any pause that is taken at its word. */
const PACE_KEPT_MS = 24 * 60 * 60 * 1000;
/** Most bytes of an item's value: DynamoDB allows 400 KB for all of it. */
const MAX_ROBOTS_BYTES = 380_000;

/** Hosts as items of the table, which drops them some time after `expiresS`. */
export class DynamoHostLedger implements HostLedger {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(dynamo: DynamoDBClient, table: string, clock: Clock) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#clock = clock;
  }

  async keepPace(host: string, pace: HostPace): Promise<void> {
    await this.#put({ ...paceKey(host), host, ...pace }, PACE_KEPT_MS);
  }

  async readRobots(origin: string, productToken: string): Promise<RobotsCopy | undefined> {
    const answer = await this.#dynamo.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: marshall(robotsKey(origin, productToken)),
      }),
    );
    const packed = answer.Item?.['robots']?.B;
    return packed === undefined ? undefined : parseRobots(unpack(packed));
  }

  async keepRobots(origin: string, productToken: string, copy: RobotsCopy): Promise<void> {
    const robots = pack(JSON.stringify(copy));
    if (robots.byteLength > MAX_ROBOTS_BYTES) return;
    await this.#put({ ...robotsKey(origin, productToken), robots }, ROBOTS_STALE_MS);
  }

  async #put(item: Readonly<Record<string, unknown>>, keptMs: number): Promise<void> {
    const expiresS = Math.ceil((this.#clock.now() + keptMs) / 1000);
    const Item = marshall({ ...item, expiresS });
    await this.#dynamo.send(new PutItemCommand({ TableName: this.#table, Item }));
  }
}
