import { areEqual, compareValues, mapIn } from './compare-values.ts';
import { type ExpressionKind, ExpressionParser, type Operand } from './expression-parser.ts';
import type { Names } from './placeholders.ts';
import { elementsOf, type Item, typeOf, type Value } from './values.ts';

/** A condition that was read. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly sign: string; readonly args: readonly Operand[] }
  /** A function that is true or false. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Operand[] };

const SIGNS = ['=', '<>', '<', '<=', '>', '>='];
/** Functions that are conditions, with the number of their operands. */
const TESTS: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
};

/** Reads a condition; gives what placeholders it uses, too. @throws AwsError */
export function parseCondition(text: string, kind: ExpressionKind) {
  const parser = new ExpressionParser(text, kind);
  const condition = anyOf(parser);
  parser.end();
  return { condition, used: parser.used };
}

function anyOf(parser: ExpressionParser): Condition {
  let left = allOf(parser);
  while (parser.takeOneOf('OR') !== undefined) left = { kind: 'or', left, right: allOf(parser) };
  return left;
}

function allOf(parser: ExpressionParser): Condition {
  let left = one(parser);
  while (parser.takeOneOf('AND') !== undefined) left = { kind: 'and', left, right: one(parser) };
  return left;
}

function one(parser: ExpressionParser): Condition {
  if (parser.takeOneOf('NOT') !== undefined) return { kind: 'not', of: one(parser) };
  if (parser.takeOneOf('(') !== undefined) {
    const inside = anyOf(parser);
    parser.take(')');
    return inside;
  }
  const first = checkedCall(parser, parser.operand());
  const sign = parser.takeOneOf(...SIGNS, 'BETWEEN', 'IN');
  if (sign === undefined) {
    if (first.kind !== 'call' || TESTS[first.name] === undefined) throw parser.unexpected();
    return first;
  }
  return { kind: 'compare', sign, args: [first, ...othersOf(sign, parser)] };
}

function othersOf(sign: string, parser: ExpressionParser): readonly Operand[] {
  const operand = () => checkedCall(parser, parser.operand());
  if (sign === 'BETWEEN') {
    const low = operand();
    parser.take('AND');
    return [low, operand()];
  }
  if (sign !== 'IN') return [operand()];
  parser.take('(');
  const all = parser.list(operand);
  parser.take(')');
  return all;
}

function checkedCall(parser: ExpressionParser, operand: Operand): Operand {
  if (operand.kind !== 'call') return operand;
  const { name, args } = operand;
  const wanted = name === 'size' ? 1 : TESTS[name];
  if (wanted === undefined) throw parser.error(`Invalid function name; function: ${name}`);
  if (args.length === wanted) return operand;
  const problem = `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${args.length}`;
  throw parser.error(problem);
}

/** Whether a condition holds for an item; undefined stands for none. */
export function holds(condition: Condition, item: Item | undefined, names: Names): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, names) && holds(condition.right, item, names);
    case 'or':
      return holds(condition.left, item, names) || holds(condition.right, item, names);
    case 'not':
      return !holds(condition.of, item, names);
    case 'call':
      return isTrue(condition.name, valuesOf(condition.args, item, names));
    case 'compare':
      return compares(condition.sign, valuesOf(condition.args, item, names));
  }
}

type Found = readonly (Value | undefined)[];

function valuesOf(args: readonly Operand[], item: Item | undefined, names: Names): Found {
  return args.map((arg) => {
    if (arg.kind !== 'call') return names.valueOf(arg, item);
    const [of] = valuesOf(arg.args, item, names);
    const size = of && sizeOf(of);
    return size === undefined ? undefined : { N: String(size) };
  });
}

/** As the function `size` has it. */
function sizeOf(value: Value): number | undefined {
  const type = typeOf(value);
  const content = value[type];
  if (type === 'S' && typeof content === 'string') return content.length;
  if (type === 'B' && typeof content === 'string') return Buffer.byteLength(content, 'base64');
  if (type === 'M') return Object.keys(mapIn(value)).length;
  return Array.isArray(content) ? content.length : undefined;
}

function compares(sign: string, [left, ...others]: Found): boolean {
  const [right] = others;
  if (sign === '=') return areEqual(left, right);
  if (sign === '<>') return !areEqual(left, right);
  if (sign === 'IN') return others.some((other) => areEqual(left, other));
  if (left === undefined || right === undefined) return false;
  const order = compareValues(left, right);
  if (order === undefined) return false;
  switch (sign) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default: {
      const [, high] = others;
      const other = high && compareValues(left, high);
      return order >= 0 && other !== undefined && other <= 0;
    }
  }
}

function isTrue(name: string, [first, second]: Found): boolean {
  if (name === 'attribute_exists') return first !== undefined;
  if (name === 'attribute_not_exists') return first === undefined;
  if (first === undefined || second === undefined) return false;
  if (name === 'attribute_type') return typeOf(first) === second['S'];
  if (name === 'contains') return containsValue(first, second);
  const type = typeOf(first);
  return type === typeOf(second) && (type === 'S' || type === 'B') && begins(first, second, type);
}

function begins(value: Value, start: Value, type: 'S' | 'B'): boolean {
  const [whole, part] = [String(value[type]), String(start[type])];
  if (type === 'S') return whole.startsWith(part);
  const bytes = Buffer.from(part, 'base64');
  return Buffer.from(whole, 'base64').subarray(0, bytes.length).equals(bytes);
}

/** A text in a text, a member of a set, an element of a list. */
function containsValue(value: Value, wanted: Value): boolean {
  const [type, wantedType] = [typeOf(value), typeOf(wanted)];
  if (type === 'S') return wantedType === 'S' && String(value['S']).includes(String(wanted['S']));
  if (type === 'L') return elementsOf(value).some((one) => areEqual(mapValue(one), wanted));
  return type === `${wantedType}S` && elementsOf(value).includes(wanted[wantedType]);
}

function mapValue(element: unknown): Value | undefined {
  return typeof element === 'object' && element !== null ? { ...element } : undefined;
}
