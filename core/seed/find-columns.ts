import type { SeedList } from '../model/run.ts';
import { indexOfName } from './choose-column.ts';

/** Every column, in `SeedList.keep`. */
const ALL = '*';

/** What a list is read with besides its URLs. */
export type WantedColumns = Pick<SeedList, 'hashField' | 'keep' | 'hookColumns'>;

/** Where the wanted columns are. */
export type FoundColumns =
  | {
      readonly kind: 'found';
      /** Of the column with hashes, counted from 0. */
      readonly hashIndex?: number;
      /** In the order in which they are kept. */
      readonly kept: readonly KeptColumn[];
      /** Those that hooks are given. */
      readonly given: readonly KeptColumn[];
    }
  | { readonly kind: 'missing'; readonly name: string };

/** A column that goes into the results or to hooks, under a name of its own. */
export interface KeptColumn {
  readonly index: number;
  readonly name: string;
}

/** Finds columns by their names, in any case, or by their numbers where no column has such a name. */
export function findColumns(
  names: readonly string[],
  { hashField, keep = [], hookColumns = [] }: WantedColumns,
): FoundColumns {
  const own = ownNames(names);
  const indexOf = (name: string) => indexOfName(names, name) ?? indexOfNumber(names, name);
  const hashIndex = hashField === undefined ? undefined : indexOf(hashField);
  if (hashField !== undefined && hashIndex === undefined)
    return { kind: 'missing', name: hashField };
  const columnsOf = (wanted: readonly string[]): readonly KeptColumn[] => {
    if (wanted.includes(ALL)) return own.map((name, index) => ({ index, name }));
    const indices = wanted.flatMap((name) => indexOf(name) ?? []);
    return [...new Set(indices)].map((index) => ({ index, name: own[index] ?? '' }));
  };
  const missing = keep.find((name) => name !== ALL && indexOf(name) === undefined);
  if (missing !== undefined && !keep.includes(ALL)) return { kind: 'missing', name: missing };
  // A hook is for lists of all kinds: a column that this one does not have is no fault of it.
  return { kind: 'found', hashIndex, kept: columnsOf(keep), given: columnsOf(hookColumns) };
}

/** The first of several with one name has it; the others, and those without a name, are called by their numbers. */
function ownNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const trimmed = name.trim();
    const isOwn = trimmed !== '' && !taken.has(trimmed);
    taken.add(trimmed);
    return isOwn ? trimmed : String(index + 1);
  });
}

function indexOfNumber(names: readonly string[], text: string): number | undefined {
  const isNumber = /^[1-9]\d{0,4}$/.test(text) && Number(text) <= names.length;
  return isNumber ? Number(text) - 1 : undefined;
}
