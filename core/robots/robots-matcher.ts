import { comparable, comparablePaths, withQuerySlashes } from './comparable-path.ts';
import type { RobotsRules } from './read-robots.ts';

/** Whether a URL may be asked for, and if not, the rule that forbids it. */
export type RobotsVerdict =
  | { readonly kind: 'allowed' }
  | {
      readonly kind: 'disallowed';
      /** As in the file: `Disallow: /private*`. */
      readonly rule: string;
      readonly line: number;
    };

interface CompiledRule {
  readonly verdict: RobotsVerdict;
  /** The literal parts between wildcards, in their comparable spelling. */
  readonly parts: readonly string[];
  /** It ended in `$`. */
  readonly toEnd: boolean;
  /** How much of a path it names: the longer rule wins. */
  readonly octets: number;
}

/** A rule with its place among all: the lower wins. */
interface RankedRule extends CompiledRule {
  readonly rank: number;
}

const ALLOWED: RobotsVerdict = { kind: 'allowed' };

/** The rules of one host, made ready to judge many of its URLs. */
export class RobotsMatcher {
  /** Rules without a special character, by their path. */
  readonly #prefixes = new Map<string, RankedRule>();
  /** The lengths that such paths have, longest first. */
  readonly #prefixLengths: readonly number[];
  /** The other rules, the stronger first. */
  readonly #patterns: readonly RankedRule[];

  constructor(rules: RobotsRules) {
    const patterns: RankedRule[] = [];
    for (const rule of rankedRules(rules)) {
      const [path = ''] = rule.parts;
      if (rule.toEnd || rule.parts.length > 1) patterns.push(rule);
      else if (!this.#prefixes.has(path)) this.#prefixes.set(path, rule);
    }
    // Longest first already: of rules without a special character the longer ranks before.
    this.#prefixLengths = [...new Set([...this.#prefixes.keys()].map((path) => path.length))];
    this.#patterns = patterns;
  }

  /** Judges an absolute http(s) URL of the host; throws on what is no URL. */
  judge(url: string): RobotsVerdict {
    const paths = comparablePaths(url);
    if (paths[0] === '/robots.txt') return ALLOWED;
    let best: RankedRule | undefined;
    for (const path of paths) {
      const rule = this.#strongest(path);
      if (rule !== undefined && (best === undefined || rule.rank < best.rank)) best = rule;
    }
    return best?.verdict ?? ALLOWED;
  }

  #strongest(path: string): RankedRule | undefined {
    const prefix = this.#longestPrefix(path);
    for (const rule of this.#patterns) {
      if (prefix !== undefined && prefix.rank < rule.rank) return prefix;
      if (matches(rule, path)) return rule;
    }
    return prefix;
  }

  #longestPrefix(path: string): RankedRule | undefined {
    for (const length of this.#prefixLengths) {
      if (length > path.length) continue;
      const rule = this.#prefixes.get(path.slice(0, length));
      if (rule !== undefined) return rule;
    }
    return undefined;
  }
}

/** The longest rule wins, of equals the one that allows (RFC 9309, section 2.2.2). */
function rankedRules({ allow, disallow }: RobotsRules): readonly RankedRule[] {
  return [
    ...allow.map(([pattern]) => compile(pattern, ALLOWED)),
    ...disallow.map(([pattern, line]) => {
      return compile(pattern, { kind: 'disallowed', rule: `Disallow: ${pattern}`, line });
    }),
  ]
    .sort((a, b) => b.octets - a.octets)
    .map((rule, rank) => ({ ...rule, rank }));
}

/** Escapes are undone after the cut at `*` and `$`: `%2A` and `%24` are the characters themselves. */
function compile(pattern: string, verdict: RobotsVerdict): CompiledRule {
  const toEnd = pattern.endsWith('$');
  const pieces = withQuerySlashes(toEnd ? pattern.slice(0, -1) : pattern).split('*');
  const literals = pieces.map(comparable);
  const octets = literals.reduce((sum, { length }) => sum + length, pieces.length - 1);
  // A wildcard beside another finds nothing more.
  const parts = literals.filter((part, at) => {
    return part !== '' || at === 0 || at === literals.length - 1;
  });
  return { verdict, parts, toEnd, octets: octets + (toEnd ? 1 : 0) };
}

/** Each part where it first fits: what follows a wildcard loses nothing by an earlier start. */
function matches({ parts, toEnd }: CompiledRule, path: string): boolean {
  const [first = ''] = parts;
  if (!path.startsWith(first)) return false;
  const last = parts.length - 1;
  if (toEnd && last === 0) return path.length === first.length;
  let at = first.length;
  for (let index = 1; index < (toEnd ? last : parts.length); index += 1) {
    const part = parts[index] ?? '';
    const found = path.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  const ending = parts[last] ?? '';
  return !toEnd || (path.length - ending.length >= at && path.endsWith(ending));
}
