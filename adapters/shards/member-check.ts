import { createHash, type Hash } from 'node:crypto';
import { HEADER_BYTES, readHeader } from './tar-member.ts';

/** What a member is found to be when its last byte has come. */
type Member = { readonly name: string; readonly hash: Hash; left: number; padding: number };

/** A file is not what its shard says it is. */
export class DamagedShardError extends Error {
  override readonly name = 'DamagedShardError';
}

/**
 * Checks a shard while it comes, in the memory of one header: each member is named by the SHA-256 of
 * its content, so that a shard needs no list of sums beside it.
 */
export class MemberCheck {
  /** Members that were checked. */
  members = 0;
  #header = Buffer.alloc(0);
  #member: Member | undefined;
  #hasEnded = false;

  /** @throws DamagedShardError */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength; ) {
      // Behind the first block of zeros nothing is a member.
      if (this.#hasEnded) return;
      at +=
        this.#member === undefined
          ? this.#takeHeader(bytes.subarray(at))
          : this.#takeContent(this.#member, bytes.subarray(at));
    }
  }

  /** No more bytes come. @throws DamagedShardError where some are missing */
  end(): void {
    if (!this.#hasEnded) throw new DamagedShardError('it ends too early');
  }

  #takeHeader(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, HEADER_BYTES - this.#header.byteLength);
    this.#header = Buffer.concat([this.#header, taken]);
    if (this.#header.byteLength < HEADER_BYTES) return taken.byteLength;
    const header = readHeader(this.#header);
    this.#header = Buffer.alloc(0);
    if (header === 'broken') throw new DamagedShardError(`member ${this.members} has no header`);
    if (header === 'end') this.#hasEnded = true;
    else {
      const { name, size, padding } = header;
      this.#member = { name, hash: createHash('sha256'), left: size, padding };
      if (size === 0) this.#check(this.#member);
    }
    return taken.byteLength;
  }

  #takeContent(member: Member, bytes: Uint8Array): number {
    if (member.left === 0) {
      const passed = Math.min(member.padding, bytes.byteLength);
      member.padding -= passed;
      if (member.padding === 0) this.#member = undefined;
      return passed;
    }
    const content = bytes.subarray(0, member.left);
    member.hash.update(content);
    member.left -= content.byteLength;
    if (member.left === 0) this.#check(member);
    return content.byteLength;
  }

  #check({ name, hash, padding }: Member): void {
    const sha256 = hash.digest('hex');
    if (!name.startsWith(`${sha256}.`))
      throw new DamagedShardError(`the bytes of ${name} have the SHA-256 ${sha256}`);
    this.members += 1;
    if (padding === 0) this.#member = undefined;
  }
}
