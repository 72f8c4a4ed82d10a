import { indexKey, logPartition } from '../../contract/table-keys.ts';
import { DIGEST_BYTES } from '../../core/model/url-digest.ts';
import type { GroupIndex, IndexSection } from '../../core/ports/ledger.ts';
import type { Item } from './get-items.ts';

/** Round, whether the reasons are passing, and the number of digests. */
const HEAD_BYTES = 2 + 1 + 4;

/** A part of an index as an item: for each section its head, and the digests as they are. */
export function toIndexItem({ runId, group, upTo, sections }: GroupIndex): Item {
  return {
    pk: { S: logPartition(runId, group) },
    sk: { S: indexKey(upTo) },
    index: { B: Buffer.concat(sections.flatMap(encodeSection)) },
  };
}

/** The sections of an item. */
export function sectionsOf(item: Item): readonly IndexSection[] {
  const bytes = Buffer.from(item['index']?.B ?? []);
  const sections: IndexSection[] = [];
  for (let at = 0; at < bytes.length; ) {
    const count = bytes.readUInt32BE(at + 3);
    const from = at + HEAD_BYTES;
    const digests = Array.from({ length: count }, (_, digest) =>
      bytes.toString('latin1', from + digest * DIGEST_BYTES, from + (digest + 1) * DIGEST_BYTES),
    );
    sections.push({ round: bytes.readUInt16BE(at), passing: bytes[at + 2] === 1, digests });
    at = from + count * DIGEST_BYTES;
  }
  return sections;
}

function encodeSection({ round, passing, digests }: IndexSection): readonly Buffer[] {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(round, 0);
  head.writeUInt8(passing ? 1 : 0, 2);
  head.writeUInt32BE(digests.length, 3);
  return [head, Buffer.from(digests.join(''), 'latin1')];
}
