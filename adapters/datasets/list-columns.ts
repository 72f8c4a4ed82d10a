import type { TableColumn } from './column-types.ts';
import type { Cell } from './data-set-line.ts';

/** Names under which every object has something. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

/** The columns of lists under names that nothing else in a table has, even where case does not count. */
export class ListColumns {
  readonly #names = new Map<string, string>();
  /** Under their names here. */
  readonly columns: readonly TableColumn[];

  constructor(columns: readonly TableColumn[], own: readonly string[]) {
    const taken = new Set([...own, ...INHERITED].map((name) => name.toLowerCase()));
    this.columns = columns.map(({ name, type }) => {
      const free = freeName(name, taken);
      this.#names.set(name, free);
      return { name: free, type };
    });
  }

  /** The values of a row by those names. */
  valuesOf(columns: Readonly<Record<string, Cell>> = {}): Readonly<Record<string, Cell>> {
    const named = Object.entries(columns).map(([name, value]) => [this.#names.get(name), value]);
    return Object.fromEntries(named);
  }
}

function freeName(name: string, taken: Set<string>): string {
  let free = name === '' ? 'column' : name;
  while (taken.has(free.toLowerCase())) free = `${free}_in_list`;
  taken.add(free.toLowerCase());
  return free;
}
