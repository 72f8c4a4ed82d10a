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
  readonly problem?: string;
  /** Bytes of the list, unpacked, up to the end of this line. */
  readonly endByte: number;
}

/** Reads lists of any length in bounded memory. */
export interface SeedSource {
  /** The lines after a place that was reached before, in portions. Throws when the list is gone. */
  read(
    list: SeedList,
    after: { readonly line: number; readonly byte: number },
  ): AsyncIterable<readonly SeedLine[]>;
}
