import { BrokenImage } from './broken-image.ts';
import type { ByteReader } from './byte-reader.ts';

/** A box of the ISO base media file format (ISO/IEC 14496-12, section 4.2). */
export interface Box {
  readonly type: string;
  /** Where its content begins. */
  readonly from: number;
  /** Where it ends. */
  readonly to: number;
}

/** Boxes one after the other, from `from` to the end. @throws BrokenImage at one that is not whole */
export function* boxes(file: ByteReader, from = 0): Generator<Box> {
  for (let at = from; at < file.length; ) {
    const box = boxAt(file, at);
    yield box;
    at = box.to;
  }
}

function boxAt(file: ByteReader, at: number): Box {
  const short = file.u32(at);
  const type = file.code(at + 4);
  const from = short === 1 ? at + 16 : at + 8;
  const to = endOf(file, at, short);
  if (to < from) throw new BrokenImage('a box is shorter than its header');
  file.reaches(to);
  return { type, from, to };
}

/** A length of 1 stands for one of eight bytes, and 0 for all that is left. */
function endOf(file: ByteReader, at: number, short: number): number {
  if (short === 0) return file.length;
  return at + (short === 1 ? file.u64(at + 8) : short);
}

/** The content of the first box of each wanted type. */
export function firstBoxes(
  file: ByteReader,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, ByteReader> {
  const first = new Map<string, ByteReader>();
  for (const { type, from, to } of boxes(file))
    if (wanted.has(type) && !first.has(type)) first.set(type, file.part(from, to));
  return first;
}
