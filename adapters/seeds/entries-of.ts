import type { ListColumns } from '../../core/model/column-value.ts';
import type { Find } from '../../core/model/find.ts';
import type { SeedLine, SeedRow } from '../../core/ports/seed-source.ts';
import type { ExpectedHash } from '../../core/seed/expected-hash.ts';
import type { ListText } from '../../core/seed/list-text.ts';
import type { Place } from './text-lines.ts';

/** A line with what it holds. */
export interface Line extends Place {
  /** Number among those that hold data, where columns are wanted. */
  readonly row?: number;
  readonly texts: readonly (ListText & { readonly find?: Find; readonly line?: number })[];
  readonly hash?: ExpectedHash;
  readonly columns?: ListColumns;
}

/** An entry, with its row where columns are wanted. */
export type Entry = SeedLine & Partial<Pick<SeedRow, 'row'>>;

/** Characters of a text with a problem that are kept: a person finds the line by them. */
const MAX_SHOWN = 500;

/** The entries of a line. An invalid hash makes all of them unusable: nobody could tell what was meant. */
export function entriesOf(of: Line): readonly Entry[] {
  if (of.row === undefined && of.hash === undefined) return plainEntries(of);
  const { row, columns, hash } = of;
  const expectedHash = hash?.kind === 'hash' ? hash.hash : undefined;
  const problem = hash?.kind === 'bad' ? hash.problem : undefined;
  return plainEntries(of, problem).map((entry) => ({ ...entry, row, columns, expectedHash }));
}

function plainEntries({ line, byte: endByte, texts }: Line, badHash?: string): readonly Entry[] {
  return texts.map(({ text, problem = badHash, find, line: own }, at) => ({
    line: own ?? line,
    text: problem === undefined ? text : text.slice(0, MAX_SHOWN),
    problem,
    find,
    goesOn: at + 1 < texts.length ? true : undefined,
    endByte,
  }));
}
