import { addNumbers } from './decimal.ts';
import { type Path, putAt } from './document-path.ts';
import { ExpressionParser, type Operand } from './expression-parser.ts';
import { invalid } from './invalid.ts';
import type { Names } from './placeholders.ts';
import { elementsOf, type Item, typeOf, type Value } from './values.ts';

/** What one part of an update does with a place of an item. */
interface Step {
  readonly verb: 'SET' | 'REMOVE' | 'ADD' | 'DELETE';
  readonly path: Path;
  /** What is set, added or deleted; with a sign between two. */
  readonly first?: Operand;
  readonly sign?: string;
  readonly second?: Operand;
}

/** An update that was read. */
export type Update = readonly Step[];

const KIND = 'UpdateExpression';
const VERBS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
/** Functions of a SET, each of two operands. */
const FUNCTIONS: ReadonlySet<string> = new Set(['if_not_exists', 'list_append']);

/** Reads an update; gives what placeholders it uses, too. @throws AwsError */
export function parseUpdate(text: string) {
  const parser = new ExpressionParser(text, KIND);
  const update: Step[] = [];
  const sections = new Set<string>();
  while (parser.peek() !== '') {
    const verb = VERBS.find((one) => parser.takeOneOf(one) !== undefined);
    if (verb === undefined) throw parser.unexpected();
    if (sections.has(verb))
      throw parser.error(`The "${verb}" section can only be used once in an update expression;`);
    sections.add(verb);
    update.push(...parser.list(() => readStep(verb, parser)));
  }
  return { update, used: parser.used };
}

function readStep(verb: Step['verb'], parser: ExpressionParser): Step {
  const path = parser.path();
  if (verb === 'REMOVE') return { verb, path };
  if (verb !== 'SET') {
    const first = parser.operand();
    if (first.kind !== 'value') throw parser.unexpected();
    return { verb, path, first };
  }
  parser.take('=');
  const first = checked(parser, parser.operand());
  const sign = parser.takeOneOf('+', '-');
  if (sign === undefined) return { verb, path, first };
  return { verb, path, first, sign, second: checked(parser, parser.operand()) };
}

function checked(parser: ExpressionParser, operand: Operand): Operand {
  if (operand.kind !== 'call') return operand;
  const { name, args } = operand;
  if (!FUNCTIONS.has(name)) throw parser.error(`Invalid function name; function: ${name}`);
  if (args.length !== 2) {
    const problem = `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${args.length}`;
    throw parser.error(problem);
  }
  for (const arg of args) checked(parser, arg);
  return operand;
}

/** The places that an update changes, each once. @throws AwsError when one lies in another */
export function placesOf(update: Update, names: Names): readonly Path[] {
  const places = update.map(({ path }) => names.resolve(path));
  for (const [at, place] of places.entries()) {
    const other = places.slice(at + 1).find((one) => isWithin(one, place) || isWithin(place, one));
    if (other === undefined) continue;
    const [one, two] = [place, other].map((path) => `[${path.join(', ')}]`);
    const problem = `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`;
    throw invalid(`Invalid ${KIND}: ${problem}`);
  }
  return places;
}

function isWithin(path: Path, other: Path): boolean {
  return other.every((step, at) => step === path[at]);
}

/** The item after an update; all that it sets is computed from the item as it was. @throws AwsError */
export function updated(before: Item, update: Update, names: Names): Item {
  const after = { ...before };
  const removals = update
    .filter(({ verb }) => verb === 'REMOVE')
    .map(({ path }) => names.resolve(path));
  for (const step of update) {
    if (step.verb === 'REMOVE') continue;
    const value = valueAfter(step, before, names);
    if (!putAt(after, names.resolve(step.path), value))
      throw invalid('The document path provided in the update expression is invalid for update');
  }
  // From the end: the places of a list close up behind what is removed.
  for (const path of removals.toSorted(byLastPlace)) putAt(after, path, undefined);
  return after;
}

function byLastPlace(a: Path, b: Path): number {
  return Number(b.at(-1)) - Number(a.at(-1)) || 0;
}

function valueAfter(step: Step, before: Item, names: Names): Value | undefined {
  const { verb, path, first, sign, second } = step;
  if (first === undefined) return undefined;
  if (verb === 'SET') {
    const left = evaluated(first, before, names);
    return second === undefined ? left : sum(left, evaluated(second, before, names), sign ?? '+');
  }
  const own = names.valueOf({ kind: 'path', steps: path }, before);
  const operand = evaluated(first, before, names);
  return verb === 'ADD' ? added(own, operand) : without(own, operand);
}

/** @throws AwsError where a path leads nowhere */
function evaluated(operand: Operand, item: Item, names: Names): Value {
  if (operand.kind === 'call') {
    const [first, second] = operand.args;
    if (first === undefined || second === undefined) throw invalid('operands are missing');
    if (operand.name === 'if_not_exists')
      return names.valueOf(first, item) ?? evaluated(second, item, names);
    const lists = [first, second].map((one) => evaluated(one, item, names));
    if (lists.some((one) => typeOf(one) !== 'L')) throw wrongOperand('list_append');
    return { L: lists.flatMap(elementsOf) };
  }
  const value = names.valueOf(operand, item);
  if (value === undefined)
    throw invalid('The provided expression refers to an attribute that does not exist in the item');
  return value;
}

function sum({ N: left }: Value, { N: right }: Value, sign: string): Value {
  if (typeof left !== 'string' || typeof right !== 'string') throw wrongOperand(sign);
  return { N: addNumbers(left, right, sign === '+' ? 1 : -1) };
}

function added(own: Value | undefined, operand: Value): Value {
  const type = typeOf(operand);
  if (type === 'N') return own === undefined ? operand : sum(own, operand, '+');
  if (type.length !== 2) throw wrongOperand('ADD');
  if (own !== undefined && typeOf(own) !== type) throw wrongOperand('ADD');
  return { [type]: [...new Set([...elementsOf(own), ...elementsOf(operand)])] };
}

/** Undefined for a set that has nothing left. */
function without(own: Value | undefined, operand: Value): Value | undefined {
  const type = typeOf(operand);
  if (type.length !== 2 || (own !== undefined && typeOf(own) !== type))
    throw wrongOperand('DELETE');
  const gone = new Set(elementsOf(operand));
  const left = elementsOf(own).filter((one) => !gone.has(one));
  return left.length === 0 ? undefined : { [type]: left };
}

function wrongOperand(name: string): Error {
  return invalid(
    `An operand in the update expression has an incorrect data type; operator: ${name}`,
  );
}
