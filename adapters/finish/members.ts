import { HEADER_BYTES, memberBytes, TAR_END } from '../shards/tar-member.ts';

/** A member of a shard that a result refers to. */
export interface Reference {
  /** By its number. */
  readonly shard: number;
  /** Where its content begins. */
  readonly offset: number;
  /** How long that is. */
  readonly length: number;
}

/** A member is as long as a whole number of headers. */
const BLOCK = HEADER_BYTES;
/** A key is a whole number of 53 bits: shard, offset in blocks, bytes of the member in blocks. */
const SIZES = 2 ** 20;
const OFFSETS = 2 ** 18;
/** Shards of one bin: a key has no room for more. */
const BIN_SHARDS = 2 ** 15;

/** In which bin a reference is. */
export function binOf({ shard }: Pick<Reference, 'shard'>): number {
  return Math.floor(shard / BIN_SHARDS);
}

/** A number that tells the references of a bin apart, and sorts them by shard and offset. */
export function keyOf({ shard, offset, length }: Reference): number {
  const place = (shard % BIN_SHARDS) * OFFSETS + offset / BLOCK;
  return place * SIZES + memberBytes(length) / BLOCK;
}

/** Members of one shard that results refer to, each once, in their order. */
export class ShardMembers {
  readonly shard: number;
  /** Where they begin, with their headers. */
  readonly starts: number[] = [];
  readonly #ends: number[] = [];
  /** How long a shard of these members alone is. */
  bytes = TAR_END.byteLength;

  constructor(shard: number) {
    this.shard = shard;
  }

  /** Which bytes of the shard the member at this place is. */
  rangeOf(at: number): readonly [from: number, to: number] {
    return [this.starts[at] ?? 0, this.#ends[at] ?? 0];
  }

  add(start: number, bytes: number): void {
    this.starts.push(start);
    this.#ends.push(start + bytes);
    this.bytes += bytes;
  }
}

/** The members of a bin by shard, of its sorted keys. */
export async function* membersOf(
  bin: number,
  keys: AsyncIterable<Float64Array>,
): AsyncGenerator<ShardMembers> {
  let members: ShardMembers | undefined;
  for await (const some of keys) {
    for (const key of some) {
      const shard = bin * BIN_SHARDS + Math.floor(key / (SIZES * OFFSETS));
      if (members !== undefined && members.shard !== shard) yield members;
      if (members?.shard !== shard) members = new ShardMembers(shard);
      const start = (Math.floor(key / SIZES) % OFFSETS) * BLOCK - HEADER_BYTES;
      members.add(start, (key % SIZES) * BLOCK);
    }
  }
  if (members !== undefined) yield members;
}
