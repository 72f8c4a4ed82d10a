import type { ListColumns } from '../model/column-value.ts';
import type { Find } from '../model/find.ts';
import type { SeedList } from '../model/run.ts';

/** One entry of a list: a text that should be a URL, or what is wrong with the line. */
export interface SeedLine {
  /** Counted from 1; of a JSON array the item. */
  readonly line: number;
  /** With a problem: the text that has it, or its beginning. */
  readonly text?: string;
  /** The next entry is of the same line: a list is entered between lines only. */
  readonly goesOn?: boolean;
  /** How it was found in the first place, where it was a target before. */
  readonly find?: Find;
  /** Lower-case hexadecimal: a SHA-256 or, by its length, an MD5. */
  readonly expectedHash?: string;
  readonly problem?: string;
  /** Those that hooks are given, or, of a row, those that are kept; none of a line of text. */
  readonly columns?: ListColumns;
  /** Bytes of the list, unpacked, up to the end of this line. */
  readonly endByte: number;
}

/** An entry with its row. */
export interface SeedRow extends SeedLine {
  /** Number of the row among those that hold data, counted from 1. */
  readonly row: number;
}

/** Reads lists of any length in bounded memory. */
export interface SeedSource {
  /** The lines after a place that was reached before, in portions. Throws when the list is gone. */
  read(
    list: SeedList,
    after: { readonly line: number; readonly byte: number },
  ): AsyncIterable<readonly SeedLine[]>;
}

/** Which columns of a list are read: those that results keep, or those that hooks are given. */
export type ColumnUse = 'kept' | 'given';

/** Reads lists with some of their columns, in bounded memory. */
export interface RowSource {
  /** All entries of a list with their rows, in portions. Throws when the list is gone. */
  rows(list: SeedList, use?: ColumnUse): AsyncIterable<readonly SeedRow[]>;
}
