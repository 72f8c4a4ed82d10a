import { comparable, withQuerySlashes } from './comparable-path.ts';

/**
 * A path pattern with `*` and a final `$` (RFC 9309, section 2.2.3), ready to be compared with
 * many paths. Escapes are undone after the cut at `*` and `$`: `%2A` and `%24` are the characters.
 */
export class PathPattern {
  /** The literal parts between wildcards, in their comparable spelling. */
  readonly parts: readonly string[];
  /** Whether it ended in `$`. */
  readonly toEnd: boolean;
  /** How much of a path it names: the longer pattern wins. */
  readonly octets: number;

  constructor(pattern: string) {
    this.toEnd = pattern.endsWith('$');
    const pieces = withQuerySlashes(this.toEnd ? pattern.slice(0, -1) : pattern).split('*');
    const literals = pieces.map(comparable);
    const octets = literals.reduce((sum, { length }) => sum + length, pieces.length - 1);
    // A wildcard beside another finds nothing more.
    this.parts = literals.filter((part, at) => {
      return part !== '' || at === 0 || at === literals.length - 1;
    });
    this.octets = octets + (this.toEnd ? 1 : 0);
  }

  /** Whether it is a mere beginning of paths, without a special character. */
  get isPrefix(): boolean {
    return !this.toEnd && this.parts.length === 1;
  }

  /** Compares with one of the `comparablePaths` of a URL. */
  matches(path: string): boolean {
    const { parts, toEnd } = this;
    const [first = ''] = parts;
    if (!path.startsWith(first)) return false;
    const last = parts.length - 1;
    if (toEnd && last === 0) return path.length === first.length;
    let at = first.length;
    // Each part where it first fits: what follows a wildcard loses nothing by an earlier start.
    for (let index = 1; index < (toEnd ? last : parts.length); index += 1) {
      const part = parts[index] ?? '';
      const found = path.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    const ending = parts[last] ?? '';
    return !toEnd || (path.length - ending.length >= at && path.endsWith(ending));
  }
}
