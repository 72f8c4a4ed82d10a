import type { Encoding } from './decoded-bytes.ts';
import { type JsonShape, jsonShape } from './json-shape.ts';
import { knownBinary } from './known-binary.ts';
import type { ListHead } from './list-head.ts';
import type { ParquetShape } from './parquet/parquet-shape.ts';
import { type ListWishes, type TableShape, tableShape } from './table-shape.ts';

/** How a list is read, as its first bytes tell it. */
export type ListShape =
  | { readonly kind: 'text' }
  | { readonly kind: 'targets' }
  | TableShape
  | JsonShape
  | ParquetShape
  /** Nothing of it can be read. */
  | { readonly kind: 'refused'; readonly problem: string };

/** A list as it is read: its shape, and how its bytes are written. */
export interface KnownList {
  readonly shape: ListShape;
  readonly charset?: Encoding['charset'];
}

/** A list that we wrote ourselves is what its record says. */
export const TARGETS: KnownList = { shape: { kind: 'targets' }, charset: undefined };

/**
 * What a list is: its content counts, its name decides where the content says nothing. The same for
 * the same bytes, so that every window of a run reads in the same way.
 */
export function knowList(head: Omit<ListHead, 'size'>, list: ListWishes): KnownList {
  const charset = charsetOf(head.bytes);
  if (charset !== undefined) {
    const bytes = Buffer.from(new TextDecoder(charset).decode(head.bytes, { stream: !head.whole }));
    return { charset, shape: shapeOf({ ...head, bytes }, list) };
  }
  return { charset, shape: shapeOf(head, list) };
}

/** UTF-32 begins as UTF-16 does, and is binary to us. */
function charsetOf(bytes: Buffer): Encoding['charset'] {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] !== 0xff || bytes[1] !== 0xfe) return undefined;
  return bytes[2] === 0 && bytes[3] === 0 ? undefined : 'utf-16le';
}

function shapeOf(head: Omit<ListHead, 'size'>, list: ListWishes): ListShape {
  const problem = knownBinary(head.bytes);
  if (problem !== undefined) return { kind: 'refused', problem };
  if (list.format === 'parquet')
    return { kind: 'refused', problem: 'is no Parquet file: it does not begin as one' };
  const text = head.bytes.toString('utf8').replace(/^\u{feff}/u, '');
  const json = /^\s*[[{]/.test(text) || list.format === 'jsonl';
  if (json) return jsonShape(text, list);
  return tableShape(text, list) ?? { kind: 'text' };
}
