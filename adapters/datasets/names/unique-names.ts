import { hash } from 'node:crypto';
import { markOf } from './safe-segment.ts';

/** A set holds at most 2^24 members in V8: so many sets share them. */
const SETS = 64;

/**
 * Gives each file a name of its own, also where case does not count and where texts are composed.
 * It remembers 48 bits of each name, so that a name is marked now and then though it was free: names
 * depend on all names before, and on nothing else.
 */
export class UniqueNames {
  readonly #taken: readonly Set<number>[] = Array.from({ length: SETS }, () => new Set<number>());

  /** The path, with a mark of `url` before its ending where another file has it. */
  claim(path: string, url: string): string {
    if (this.#isClaimed(path)) return path;
    for (let number = 1; ; number += 1) {
      const mark = number === 1 ? `~${markOf(url)}` : `~${markOf(url)}-${number}`;
      const other = path.replace(/(?=\.[^./]*$)/, mark);
      if (this.#isClaimed(other)) return other;
    }
  }

  /** Whether it was free and is taken now. */
  #isClaimed(path: string): boolean {
    const folded = path.normalize('NFKC').toUpperCase().toLowerCase();
    const number = hash('sha256', folded, 'buffer').readUIntBE(0, 6);
    const taken = this.#taken[number % SETS];
    if (taken === undefined || taken.has(number)) return false;
    taken.add(number);
    return true;
  }
}
