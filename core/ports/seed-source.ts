import type { Find } from '../find.ts';
import type { SeedList } from '../run.ts';

/** One entry of a list: a text that should be a URL, or what is wrong with the line. */
export interface SeedLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text?: string;
  /** How it was found in the first place, where it was a target before. */
  readonly find?: Find;
  readonly problem?: string;
  /** Bytes of the list up to the end of this line; 0 where a list cannot be entered in its middle. */
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
