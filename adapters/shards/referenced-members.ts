import { KeyCounts } from '../files/key-counts.ts';
import { HEADER_BYTES, memberBytes, TAR_END } from './tar-member.ts';

/** A member that a result refers to, with its shard by number. */
interface Reference {
  readonly shard: number;
  readonly offset: number;
  readonly length: number;
}

/** What results refer to in one shard. */
export interface Referenced {
  readonly shard: number;
  readonly members: number;
  /** How long a shard of these members alone is. */
  readonly bytes: number;
}

/** A member is as long as a whole number of headers. */
const BLOCK = HEADER_BYTES;
/** A key is a whole number of 53 bits: shard, offset in blocks, bytes of the member in blocks. */
const SIZES = 2 ** 20;
const OFFSETS = 2 ** 18;
const SHARDS = 2 ** 15;

/** Which members of shards results refer to, each once however many refer to it, in flat memory. */
export class ReferencedMembers implements Disposable {
  /** Of so many shards each: a key has no room for more. */
  readonly #counts: KeyCounts[] = [];

  add({ shard, offset, length }: Reference): void {
    const at = Math.floor(shard / SHARDS);
    while (this.#counts.length <= at) this.#counts.push(new KeyCounts());
    const place = (shard % SHARDS) * OFFSETS + offset / BLOCK;
    this.#counts[at]?.add(place * SIZES + memberBytes(length) / BLOCK);
  }

  /** Shards with members that are referred to, in the order of their numbers. Nothing more is added. */
  *byShard(): Generator<Referenced> {
    for (const [at, counts] of this.#counts.entries()) {
      let last = { shard: -1, members: 0, bytes: TAR_END.byteLength };
      for (const key of counts.keys()) {
        const shard = at * SHARDS + Math.floor(key / (SIZES * OFFSETS));
        if (shard !== last.shard) {
          if (last.shard >= 0) yield last;
          last = { shard, members: 0, bytes: TAR_END.byteLength };
        }
        last.members += 1;
        last.bytes += (key % SIZES) * BLOCK;
      }
      if (last.shard >= 0) yield last;
    }
  }

  [Symbol.dispose](): void {
    for (const counts of this.#counts) counts[Symbol.dispose]();
  }
}
