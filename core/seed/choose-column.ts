import { isUrlText, textsOfCell } from './list-text.ts';

/** The column that is read when none is named. */
export const DEFAULT_COLUMN = 'url';

/** A column of a table or a field of JSON, with what its first rows hold. */
export interface Column {
  readonly name: string;
  readonly values: readonly string[];
}

/** Which column holds the URLs. */
export type ChosenColumn =
  | {
      readonly kind: 'chosen';
      readonly index: number;
      /** Others that hold URLs, by index. */
      readonly others: readonly number[];
      readonly by: 'name' | 'content';
    }
  | { readonly kind: 'none' };

/** Names that say more of an image come first. */
const RANKS = [/^image_?url$|^img_?url$/i, /image|img|photo|picture/i, /url|src|link|href/i];

/**
 * The column of a name, as it is spelled or in other case; of several, the first. Without a name:
 * the usual one, otherwise the one that holds URLs, by its name where several do.
 */
export function chooseColumn(columns: readonly Column[], wanted?: string): ChosenColumn {
  const holders = columns.flatMap(({ values }, index) => (holdsUrls(values) ? [index] : []));
  const names = columns.map(({ name }) => name);
  const named = indexOfName(names, wanted ?? DEFAULT_COLUMN);
  const best = wanted === undefined ? ranked(columns, holders) : undefined;
  const index = named ?? best;
  if (index === undefined) return { kind: 'none' };
  const others = holders.filter((holder) => holder !== index);
  return { kind: 'chosen', index, others, by: named === undefined ? 'content' : 'name' };
}

/** Whether two names are one, apart from case and space around. */
export function isSameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** The first column of a name, as it is spelled or otherwise in other case; undefined where there is none. */
export function indexOfName(names: readonly string[], wanted: string): number | undefined {
  const exact = names.indexOf(wanted);
  const same = exact === -1 ? names.findIndex((name) => isSameName(name, wanted)) : exact;
  return same === -1 ? undefined : same;
}

function ranked(columns: readonly Column[], holders: readonly number[]): number | undefined {
  const rankOf = (index: number) => {
    const rank = RANKS.findIndex((pattern) => pattern.test(columns[index]?.name ?? ''));
    return rank === -1 ? RANKS.length : rank;
  };
  return holders.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
}

function holdsUrls(values: readonly string[]): boolean {
  return values.some((value) => textsOfCell(value).some(({ text }) => isUrlText(text)));
}
