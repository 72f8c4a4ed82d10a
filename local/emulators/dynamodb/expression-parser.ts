import { invalid } from './invalid.ts';
import { isReserved } from './reserved-words.ts';

/** What an expression names: `#name` and `:value` are looked up in the request. */
export type Operand =
  | { readonly kind: 'path'; readonly steps: readonly (string | number)[] }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Operand[] };

/** Which expression of a request, as its errors name it. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

const TOKEN = /\s*(?:([#:]?[A-Za-z0-9_]+)|(<>|<=|>=|[=<>()[\],.+-]))/y;

/** Reads an expression word by word: what conditions, updates and projections have in common. */
export class ExpressionParser {
  readonly #text: string;
  readonly #kind: ExpressionKind;
  #tokens: readonly string[] = [];
  #at = 0;
  /** Placeholders that were met. */
  readonly used = new Set<string>();

  /** @throws AwsError when the text holds what no expression has */
  constructor(text: string, kind: ExpressionKind) {
    this.#text = text;
    this.#kind = kind;
    this.#tokens = this.#split();
  }

  #split(): readonly string[] {
    if (this.#text.trim() === '') throw this.error('The expression can not be empty;');
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    const end = this.#text.trimEnd().length;
    while (TOKEN.lastIndex < end) {
      const from = TOKEN.lastIndex;
      const [, word, sign] = TOKEN.exec(this.#text) ?? [];
      const token = word ?? sign;
      if (token === undefined) throw this.#syntaxError(this.#text.slice(from).trim()[0] ?? '');
      tokens.push(token);
    }
    return tokens;
  }

  /** An error in the words of DynamoDB. */
  error(problem: string): Error {
    return invalid(`Invalid ${this.#kind}: ${problem}`);
  }

  #syntaxError(token: string): Error {
    const near = this.#tokens.slice(Math.max(0, this.#at - 1), this.#at + 2).join(' ');
    return this.error(`Syntax error; token: "${token}", near: "${near}"`);
  }

  /** The next word, without taking it; empty at the end. */
  peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  /** Takes the next word where it is one of these, whatever their case. */
  takeOneOf(...words: readonly string[]): string | undefined {
    const word = this.peek().toUpperCase();
    if (!words.includes(word)) return undefined;
    this.#at += 1;
    return word;
  }

  /** Takes a word that must come. @throws AwsError */
  take(word: string): void {
    if (this.takeOneOf(word) === undefined) throw this.unexpected();
  }

  /** The error for the next word, which must not be there. */
  unexpected(): Error {
    return this.#syntaxError(this.peek() === '' ? '<EOF>' : this.peek());
  }

  /** @throws AwsError when anything is left */
  end(): void {
    if (this.#at < this.#tokens.length) throw this.unexpected();
  }

  /** What stands between commas. */
  list<T>(one: () => T): readonly T[] {
    const all = [one()];
    while (this.takeOneOf(',') !== undefined) all.push(one());
    return all;
  }

  /** A path, a value or a call of a function. @throws AwsError */
  operand(): Operand {
    if (this.peek().startsWith(':')) return { kind: 'value', name: this.#placeholder() };
    if (this.#tokens[this.#at + 1] === '(') return this.#call();
    return { kind: 'path', steps: this.path() };
  }

  #call(): Operand {
    const name = this.peek();
    if (!/^[a-z]/i.test(name)) throw this.unexpected();
    this.#at += 2;
    const args = this.list(() => this.operand());
    this.take(')');
    return { kind: 'call', name, args };
  }

  /** A place in an item. @throws AwsError */
  path(): readonly (string | number)[] {
    const steps: (string | number)[] = [this.#name()];
    for (;;) {
      const sign = this.takeOneOf('.', '[');
      if (sign === undefined) return steps;
      if (sign === '.') steps.push(this.#name());
      else steps.push(this.#index());
    }
  }

  #name(): string {
    const name = this.peek();
    if (name.startsWith('#')) return this.#placeholder();
    if (!/^[a-z]/i.test(name)) throw this.unexpected();
    if (isReserved(name))
      throw this.error(`Attribute name is a reserved keyword; reserved keyword: ${name}`);
    this.#at += 1;
    return name;
  }

  #index(): number {
    const index = this.peek();
    if (!/^\d+$/.test(index)) throw this.unexpected();
    this.#at += 1;
    this.take(']');
    return Number(index);
  }

  #placeholder(): string {
    const name = this.peek();
    if (name.length === 1) throw this.unexpected();
    this.used.add(name);
    this.#at += 1;
    return name;
  }
}
