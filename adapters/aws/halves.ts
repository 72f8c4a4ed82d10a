import type { Item } from './get-items.ts';

/** How entries become items. */
interface Halving<T> {
  /** One item of them all; undefined where it would be too long. `half` is what its key has at its end. */
  readonly itemOf: (entries: readonly T[], half: string) => Item | undefined;
  /** What becomes of one that is too long alone. */
  readonly tooLong: (entry: T, half: string) => readonly Item[];
}

/** Items of entries in their order: one or, where they do not fit into one, those of both halves of them. */
export function itemsOfHalves<T>(
  entries: readonly T[],
  halving: Halving<T>,
  half = '',
): readonly Item[] {
  const item = halving.itemOf(entries, half);
  if (item !== undefined) return [item];
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) return halving.tooLong(first, half);
  const middle = entries.length >> 1;
  return [
    ...itemsOfHalves(entries.slice(0, middle), halving, `${half}.0`),
    ...itemsOfHalves(entries.slice(middle), halving, `${half}.1`),
  ];
}
