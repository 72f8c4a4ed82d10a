import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { parseHostRecord } from '../../contract/host-record.ts';
import { hostKey } from '../../contract/table-keys.ts';
import type { HostRecord } from '../../core/model/host-record.ts';
import type { KeptHost } from '../../core/ports/ledger.ts';
import { ROBOTS_STALE_MS } from '../../core/robots/robots-copy.ts';
import type { Item } from './get-items.ts';
import { pack, unpack } from './packed-text.ts';

/** A longer text is packed, in characters. */
const MAX_PLAIN = 2000;
/** Most characters of an item's value: DynamoDB allows 400 KB for all of it. */
const MAX_VALUE = 380_000;

/** A host as an item of the table, all of it text: batches of texts are the cheapest to send. */
export function toHostItem({ host, record }: KeptHost, nowMs: number): Item {
  const { pk, sk } = hostKey(host);
  const whole = encode(record);
  // Rules that are too long for the table are not kept, and asked for again by the next worker.
  const value = whole.length <= MAX_VALUE ? whole : encode({ ...record, robots: {} });
  const expiresS = Math.ceil((nowMs + ROBOTS_STALE_MS) / 1000);
  return {
    pk: { S: pk },
    sk: { S: sk },
    host: { S: host },
    record: { S: value },
    expiresS: { N: String(expiresS) },
  };
}

/** The host of an item, with its name; undefined when the item is of something else. */
export function ofHostItem(item: Item): readonly [string, HostRecord] | undefined {
  const host = item['host']?.S;
  const record = recordOf(item['record']);
  return host === undefined || record === undefined ? undefined : [host, record];
}

function encode(record: HostRecord): string {
  const json = JSON.stringify(record);
  return json.length <= MAX_PLAIN ? json : pack(json).toString('base64');
}

function recordOf(value: AttributeValue | undefined): HostRecord | undefined {
  const text = value?.S ?? '';
  return parseHostRecord(text.startsWith('{') ? text : unpack(Buffer.from(text, 'base64')));
}
