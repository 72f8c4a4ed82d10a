import type { SeedList } from '../../core/model/run.ts';
import type { SeedLine, SeedSource } from '../../core/ports/seed-source.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** Lists by name; a line that is an object cannot be read. */
export type Lists = Readonly<
  Record<
    string,
    readonly (string | Pick<SeedLine, 'text' | 'find' | 'problem' | 'goesOn' | 'columns'>)[]
  >
>;

/** Reads lists from memory, two lines at a time; each line counts as ten bytes. */
export class ScriptedSource implements SeedSource {
  readonly #lists: Lists;
  readonly entries: { readonly line: number; readonly byte: number }[] = [];

  readonly #clock: Pick<VirtualClock, 'sleep'> | undefined;
  /** How long two lines take, in milliseconds. */
  slowMs = 0;

  constructor(lists: Lists, clock?: Pick<VirtualClock, 'sleep'>) {
    this.#lists = lists;
    this.#clock = clock;
  }

  async *read(
    { name }: SeedList,
    after: { readonly line: number; readonly byte: number },
  ): AsyncGenerator<readonly SeedLine[]> {
    const lines = this.#lists[name];
    if (lines === undefined) throw new Error(`${name} is gone`);
    this.entries.push(after);
    for (let at = after.line; at < lines.length; at += 2) {
      if (this.slowMs > 0) await this.#clock?.sleep(this.slowMs);
      yield lines.slice(at, at + 2).map((entry, offset) => {
        const line = at + offset + 1;
        return typeof entry === 'string'
          ? { line, text: entry, endByte: line * 10 }
          : { ...entry, line, endByte: line * 10 };
      });
    }
  }
}

export function aList(name: string): SeedList {
  return { name, location: `file:///${name}`, format: 'text', gzip: false, round: 0 };
}
