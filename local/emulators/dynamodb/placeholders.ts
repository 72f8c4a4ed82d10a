import { type Fields, isFields } from '../fields.ts';
import { type Path, valueAt } from './document-path.ts';
import type { Operand } from './expression-parser.ts';
import { invalid } from './invalid.ts';
import { type Item, readItem, type Value } from './values.ts';

/** Names and values that stand for `#name` and `:value` in the expressions of a request. */
export class Names {
  readonly #names: Fields;
  readonly #values: Item;
  readonly #used = new Set<string>();

  /** @throws AwsError when a value is not a placeholder */
  constructor(names: unknown, values: unknown) {
    this.#names = isFields(names) ? names : {};
    this.#values = values === undefined ? {} : readItem(values);
  }

  /** Notes what an expression uses. @throws AwsError when the request does not define it */
  use(placeholders: Iterable<string>, kind: string): void {
    for (const name of placeholders) {
      this.#used.add(name);
      if (name.startsWith('#') && typeof this.#names[name] !== 'string')
        throw undefinedName(kind, 'name used in the document path', 'attribute name', name);
      if (name.startsWith(':') && this.#values[name] === undefined)
        throw undefinedName(kind, 'value used in expression', 'attribute value', name);
    }
  }

  /** @throws AwsError when something is defined that no expression uses */
  mustBeUsed(): void {
    for (const [field, given] of [
      ['ExpressionAttributeNames', this.#names],
      ['ExpressionAttributeValues', this.#values],
    ] as const) {
      const unused = Object.keys(given).filter((name) => !this.#used.has(name));
      if (unused.length === 0) continue;
      throw invalid(
        `Value provided in ${field} unused in expressions: keys: {${unused.join(', ')}}`,
      );
    }
  }

  /** A path with the names that placeholders stand for. */
  resolve(steps: Path): Path {
    return steps.map((step) =>
      typeof step === 'string' && step.startsWith('#') ? String(this.#names[step]) : step,
    );
  }

  /** What a path or a placeholder stands for; undefined where nothing is. */
  valueOf(operand: Operand, item: Item | undefined): Value | undefined {
    if (operand.kind === 'value') return this.#values[operand.name];
    return operand.kind === 'path' ? valueAt(item, this.resolve(operand.steps)) : undefined;
  }
}

function undefinedName(kind: string, what: string, noun: string, name: string): Error {
  const subject = `An expression attribute ${what} is not defined`;
  return invalid(`Invalid ${kind}: ${subject}; ${noun}: ${name}`);
}
