import { crc32 } from 'node:zlib';
import { BrokenImage, CutImage } from './broken-image.ts';

/** Reads that any file may cost, and one more for each of its bytes; real files need a hundredth of that. */
const LEAST_READS = 65_536;

/** Bytes that the native search or checksum gets through in the time of a read. */
const BYTES_PER_STEP = 16;

/** Reads in the time that it takes to call into native code at all. */
const NATIVE_CALL = 8;

/** Reads that are left for a file, shared by all its parts. */
interface Allowance {
  reads: number;
}

/**
 * Bytes of strangers, read at any place: what is not there is a CutImage, never a RangeError. All
 * reads of a file come off one allowance, in proportion to its length. So whatever offsets and counts
 * a file makes up, reading it takes time linear in its length. Big-endian unless `little`.
 */
export class ByteReader {
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #allowance: Allowance;

  constructor(bytes: Uint8Array, allowance?: Allowance) {
    const { buffer, byteOffset, length } = bytes;
    this.length = length;
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, length);
    this.#allowance = allowance ?? { reads: LEAST_READS + length };
  }

  u8(at: number): number {
    const byte = this.#bytes[at];
    if (byte === undefined) throw new CutImage();
    this.#spend(1);
    return byte;
  }

  u16(at: number, little = false): number {
    this.#check(at, 2);
    return little ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  u24(at: number, little = false): number {
    this.#check(at, 3);
    return little ? this.#bytes.readUIntLE(at, 3) : this.#bytes.readUIntBE(at, 3);
  }

  u32(at: number, little = false): number {
    this.#check(at, 4);
    return little ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  i32(at: number, little = false): number {
    return this.u32(at, little) | 0;
  }

  /** As a number: above 2^53 it is rounded, which is far beyond the end of any file. */
  u64(at: number, little = false): number {
    const [high, low] = little ? [at + 4, at] : [at, at + 4];
    return this.u32(high, little) * 2 ** 32 + this.u32(low, little);
  }

  /** The name of a box or chunk: four bytes as the characters of the same numbers. */
  code(at: number): string {
    this.#check(at, 4);
    const bits = this.#bytes.readUInt32BE(at);
    return String.fromCharCode(bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255);
  }

  /** Bytes as the characters of the same numbers. */
  text(at: number, length: number): string {
    this.#check(at, length);
    this.#native(length);
    return this.#bytes.toString('latin1', at, at + length);
  }

  /** Whether there is this text, given as for `text`; false past the end. */
  is(at: number, text: string): boolean {
    if (at + text.length > this.length) return false;
    this.#spend(1);
    for (let n = 0; n < text.length; n += 1)
      if (this.#bytes[at + n] !== text.charCodeAt(n)) return false;
    return true;
  }

  /** The first place of these bytes from `at` on; -1 when there is none. */
  find(what: Uint8Array, at: number): number {
    const found = this.#bytes.indexOf(what, at);
    this.#native((found === -1 ? this.length : found) - at);
    return found;
  }

  /** The last place of these bytes that begins at `at` or before; -1 when there is none. */
  findLast(what: Uint8Array, at = this.length): number {
    const found = this.#bytes.lastIndexOf(what, at);
    this.#native(at - Math.max(0, found));
    return found;
  }

  /** The bytes from `at` up to `end`, to be read on their own. */
  part(at: number, end = this.length): ByteReader {
    this.#check(at, end - at);
    this.#native(0);
    return new ByteReader(this.#bytes.subarray(at, end), this.#allowance);
  }

  /** A copy of up to `length` bytes, fewer where there are fewer. */
  bytes(at: number, length: number): Buffer {
    this.#native(length);
    return Buffer.from(this.#bytes.subarray(at, at + length));
  }

  /** CRC-32 of the bytes from `at` up to `end`. */
  crc32(at: number, end: number): number {
    this.#check(at, end - at);
    this.#native(end - at);
    return crc32(this.#bytes.subarray(at, end));
  }

  /** @throws CutImage when the file ends before `end` */
  reaches(end: number): void {
    if (!(end <= this.length)) throw new CutImage();
  }

  #check(at: number, length: number): void {
    if (!(at >= 0 && length >= 0 && at + length <= this.length)) throw new CutImage();
    this.#spend(1);
  }

  #native(length: number): void {
    this.#spend(Math.max(0, length) / BYTES_PER_STEP + NATIVE_CALL);
  }

  #spend(reads: number): void {
    this.#allowance.reads -= reads;
    if (this.#allowance.reads < 0)
      throw new BrokenImage('it has more parts than its length allows');
  }
}
