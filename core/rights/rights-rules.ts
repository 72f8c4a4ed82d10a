import type { Positions } from '../model/purpose.ts';
import type { RightsRule } from '../model/robots-rules.ts';
import { mergePositions, type Statement, statement } from '../model/statement.ts';
import { comparablePaths } from '../robots/comparable-path.ts';
import { PathPattern } from '../robots/path-pattern.ts';
import { parseContentSignal } from './content-signal.ts';
import { parseContentUsage } from './content-usage.ts';

interface CompiledRule {
  readonly signal: RightsRule['signal'];
  readonly pattern: PathPattern;
  readonly value: string;
  readonly positions: Positions;
}

const PARSERS = {
  'content-usage': parseContentUsage,
  'content-signal': parseContentSignal,
} satisfies Record<RightsRule['signal'], (value: string) => Positions>;

/** The rules about rights of one origin, made ready to be asked about many of its URLs. */
export class RightsRules {
  readonly #rules: readonly CompiledRule[];

  constructor(rules: readonly RightsRule[]) {
    this.#rules = rules.map(({ signal, path, value }) => {
      return { signal, pattern: new PathPattern(path), value, positions: PARSERS[signal](value) };
    });
  }

  /** Statements about an absolute http(s) URL of the origin. */
  statementsFor(url: string): readonly Statement[] {
    if (this.#rules.length === 0) return [];
    const paths = comparablePaths(url);
    return [
      ...this.#statementOf('content-usage', paths),
      ...this.#statementOf('content-signal', paths),
    ];
  }

  /** The longest matching path counts; rules with equally long ones hold together. */
  #statementOf(signal: RightsRule['signal'], paths: readonly string[]): readonly Statement[] {
    const matching = this.#rules.filter(
      (rule) => rule.signal === signal && paths.some((path) => rule.pattern.matches(path)),
    );
    const longest = Math.max(0, ...matching.map(({ pattern }) => pattern.octets));
    const strongest = matching.filter(({ pattern }) => pattern.octets === longest);
    const positions = strongest.reduce<Positions>(
      (sum, rule) => mergePositions(sum, rule.positions),
      {},
    );
    const value = strongest.map((rule) => rule.value).join(', ');
    const made = statement(signal, 'robots.txt', value, positions);
    return made === undefined ? [] : [made];
  }
}
