import type { RobotsRules } from '../model/robots-rules.ts';
import { comparablePaths } from './comparable-path.ts';
import { PathPattern } from './path-pattern.ts';

/** Whether a URL may be asked for, and if not, the rule that forbids it. */
export type RobotsVerdict =
  | { readonly kind: 'allowed' }
  | {
      readonly kind: 'disallowed';
      /** As in the file: `Disallow: /private*`. */
      readonly rule: string;
      readonly line: number;
    };

/** A rule with its place among all: the lower wins. */
interface RankedRule {
  readonly verdict: RobotsVerdict;
  readonly pattern: PathPattern;
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
      const [path = ''] = rule.pattern.parts;
      if (!rule.pattern.isPrefix) patterns.push(rule);
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
      if (rule.pattern.matches(path)) return rule;
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
  const allowing = allow.map(([pattern]) => ({
    pattern: new PathPattern(pattern),
    verdict: ALLOWED,
  }));
  const disallowing = disallow.map(([pattern, line]) => {
    const verdict: RobotsVerdict = { kind: 'disallowed', rule: `Disallow: ${pattern}`, line };
    return { pattern: new PathPattern(pattern), verdict };
  });
  return [...allowing, ...disallowing]
    .sort((a, b) => b.pattern.octets - a.pattern.octets)
    .map(({ pattern, verdict }, rank) => ({ pattern, verdict, rank }));
}
