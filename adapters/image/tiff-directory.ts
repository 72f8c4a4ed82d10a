import { BrokenImage } from './broken-image.ts';
import type { ByteReader } from './byte-reader.ts';

/** How a TIFF writes its numbers. */
export interface TiffLayout {
  readonly little: boolean;
  /** BigTIFF: offsets and counts of eight bytes. */
  readonly big: boolean;
  /** Where the first directory is. */
  readonly firstAt: number;
}

/** Numbers of a tag. */
interface Field {
  readonly type: number;
  readonly count: number;
  /** Where the first number is. */
  readonly at: number;
}

/** Bytes of a whole number by its type: BYTE, SHORT, LONG, IFD, LONG8 and IFD8, and the signed ones. */
const SIZES: Readonly<Record<number, number>> = {
  1: 1,
  3: 2,
  4: 4,
  6: 1,
  8: 2,
  9: 4,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** SBYTE, SSHORT, SLONG and SLONG8: writers use them for numbers that are never negative, too. */
const SIGNED: ReadonlySet<number> = new Set([6, 8, 9, 17]);

/** Bytes of a value of any type; 1 for one that is not known, which at worst is then read in place. */
const LENGTHS: readonly number[] = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 1, 1, 8, 8, 8];

/** Tags from here on belong to somebody, who may write what they like (TIFF 6.0, section 2). */
const FIRST_PRIVATE_TAG = 32_768;

/** The header of a TIFF, or undefined when it is not one. */
export function readTiffLayout(file: ByteReader): TiffLayout | undefined {
  if (file.length < 8) return undefined;
  const little = file.is(0, 'II');
  if (!little && !file.is(0, 'MM')) return undefined;
  const version = file.u16(2, little);
  if (version === 42) return { little, big: false, firstAt: file.u32(4, little) };
  if (version !== 43 || file.length < 16 || file.u32(4) !== (little ? 0x08000000 : 0x00080000))
    return undefined;
  return { little, big: true, firstAt: file.u64(8, little) };
}

/** One directory of a TIFF: the numbers of the tags that somebody wants. */
export class TiffDirectory {
  readonly #file: ByteReader;
  readonly #layout: TiffLayout;
  readonly #firstAt: number;
  readonly #endAt: number;
  readonly #fields = new Map<number, Field>();

  constructor(file: ByteReader, at: number, layout: TiffLayout, wanted: ReadonlySet<number>) {
    const { little, big } = layout;
    this.#file = file;
    this.#layout = layout;
    this.#firstAt = at + (big ? 8 : 2);
    const count = big ? file.u64(at, little) : file.u16(at, little);
    this.#endAt = this.#firstAt + count * entryBytes(layout);
    file.reaches(this.#endAt);
    for (const [tag, entryAt] of this.#entries())
      if (wanted.has(tag)) this.#fields.set(tag, this.#field(entryAt));
  }

  /** Where the next directory is; 0 for none. @throws BrokenImage when the file ends before it says so */
  nextAt(): number {
    return this.#offset(this.#endAt);
  }

  /** @throws BrokenImage when a value of a tag that is not somebody's own is not in the file */
  checkValues(): void {
    for (const [tag, entryAt] of this.#entries()) {
      const { type, count, at } = this.#field(entryAt);
      if (tag < FIRST_PRIVATE_TAG) this.#file.reaches(at + count * (LENGTHS[type] ?? 1));
    }
  }

  /** The numbers that a tag has; 0 when it is absent. */
  count(tag: number): number {
    return this.#fields.get(tag)?.count ?? 0;
  }

  /** Number n of a tag; undefined when it has none. @throws BrokenImage when it is not in the file */
  number(tag: number, n = 0): number | undefined {
    const field = this.#fields.get(tag);
    if (field === undefined || n >= field.count) return undefined;
    const size = SIZES[field.type];
    if (size === undefined) throw new BrokenImage(`tag ${tag} is no whole number`);
    const value = this.#unsigned(field.at + n * size, size);
    const isNegative = SIGNED.has(field.type) && value >= 2 ** (8 * size - 1);
    return isNegative ? value - 2 ** (8 * size) : value;
  }

  #unsigned(at: number, size: number): number {
    const { little } = this.#layout;
    if (size === 1) return this.#file.u8(at);
    if (size === 2) return this.#file.u16(at, little);
    return size === 4 ? this.#file.u32(at, little) : this.#file.u64(at, little);
  }

  /** A copy of the bytes that a tag has, up to `most`; undefined when it is absent or not in the file. */
  bytes(tag: number, most: number): Uint8Array | undefined {
    const field = this.#fields.get(tag);
    if (field === undefined) return undefined;
    const length = field.count * (LENGTHS[field.type] ?? 1);
    if (field.at + length > this.#file.length) return undefined;
    return this.#file.bytes(field.at, Math.min(length, most));
  }

  *#entries(): Generator<readonly [tag: number, at: number]> {
    for (let at = this.#firstAt; at < this.#endAt; at += entryBytes(this.#layout))
      yield [this.#file.u16(at, this.#layout.little), at];
  }

  /** Values that fit into the entry are in it, others where it points. */
  #field(entryAt: number): Field {
    const { little, big } = this.#layout;
    const type = this.#file.u16(entryAt + 2, little);
    const count = this.#offset(entryAt + 4);
    const valueAt = entryAt + (big ? 12 : 8);
    const fits = count * (LENGTHS[type] ?? 1) <= (big ? 8 : 4);
    return { type, count, at: fits ? valueAt : this.#offset(valueAt) };
  }

  /** An offset or a count. */
  #offset(at: number): number {
    const { little, big } = this.#layout;
    return big ? this.#file.u64(at, little) : this.#file.u32(at, little);
  }
}

function entryBytes({ big }: TiffLayout): number {
  return big ? 20 : 12;
}
