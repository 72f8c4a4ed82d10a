import { AwsError } from '../aws-error.ts';
import { isFields } from '../fields.ts';
import { canonicalNumber } from './decimal.ts';
import { invalid, invalidValue } from './invalid.ts';

/** A value as JSON has it: one field, named by its type. */
export type Value = Record<string, unknown>;
/** Values by the names of attributes. */
export type Item = Record<string, Value>;

/** Most levels of lists and maps in each other. */
const MAX_DEPTH = 32;
/** What a list or a map costs besides what is in it, in bytes. */
const NEST_BYTES = 3;
const SHORT_NUMBER = /^(?:0|-?[1-9]\d{0,14})$/;

/** The values of a JSON object, its numbers written as DynamoDB writes them. @throws AwsError */
export function readItem(given: unknown): Item {
  return sizedItem(given).item;
}

/** The same with its size, in bytes, as DynamoDB counts it. @throws AwsError */
export function sizedItem(given: unknown): { readonly item: Item; readonly size: number } {
  const sizes = { total: 0 };
  if (!isItem(given, sizes)) throw wrongType('a map of attribute values');
  return { item: given, size: sizes.total };
}

/** The type of a value that was read. */
export function typeOf(value: Value): string {
  for (const type in value) return type;
  return '';
}

/** The elements of a list or a set that was read; none of anything else. */
export function elementsOf(value: Value | undefined): readonly unknown[] {
  const content = value?.[value === undefined ? '' : typeOf(value)];
  return Array.isArray(content) ? content : [];
}

function isItem(given: unknown, sizes: { total: number }, depth = 1): given is Item {
  if (!isFields(given)) return false;
  for (const name in given) sizes.total += Buffer.byteLength(name) + sizeOf(given[name], depth);
  return true;
}

/** @throws AwsError when it is no value */
function sizeOf(value: unknown, depth: number): number {
  if (!isFields(value)) throw wrongType('an attribute value');
  let type = '';
  for (const name in value) {
    if (type !== '') throw notOne('has more than one datatypes set');
    type = name;
  }
  const content = value[type];
  // Nearly all are texts, and a run writes a million of them.
  if (type === 'S' && typeof content === 'string') return Buffer.byteLength(content);
  if (depth > MAX_DEPTH) throw invalid('Nesting Levels have exceeded supported limits');
  const size = SIZES[type];
  if (size === undefined) throw notOne('is empty');
  return size(content, value, depth);
}

const SIZES: Readonly<Record<string, (content: unknown, of: Value, depth: number) => number>> = {
  N: (content, of) => {
    const text = textOf(content);
    if (!SHORT_NUMBER.test(text)) of['N'] = canonicalNumber(text);
    return sizeOfNumber(text);
  },
  B: (content) => sizeOfBytes(content),
  BOOL: (content) => {
    if (typeof content !== 'boolean') throw wrongType('a boolean');
    return 1;
  },
  NULL: (content) => {
    if (content !== true)
      throw invalidValue('Null attribute value types must have the value of true');
    return 1;
  },
  SS: (content) => sizeOfSet(content, 'string', (text) => Buffer.byteLength(text)),
  BS: (content) => sizeOfSet(content, 'binary', sizeOfBytes),
  NS: (content, of) => {
    const numbers = listOf(content).map((one) => canonicalNumber(textOf(one)));
    of['NS'] = numbers;
    return sizeOfSet(numbers, 'number', sizeOfNumber);
  },
  L: (content, _, depth) =>
    listOf(content).reduce<number>((sum, one) => sum + 1 + sizeOf(one, depth + 1), NEST_BYTES),
  M: (content, _, depth) => {
    const sizes = { total: NEST_BYTES };
    if (!isItem(content, sizes, depth + 1)) throw wrongType('a map');
    return sizes.total + Object.keys(content).length;
  },
};

function sizeOfNumber(text: string): number {
  return Math.ceil(text.replace(/\D/g, '').length / 2) + 1;
}

/** Base64 is taken as it is; decoding it tells whether it is. */
function sizeOfBytes(content: unknown): number {
  const text = textOf(content);
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  const bytes = (text.length / 4) * 3 - padding;
  if (Buffer.from(text, 'base64').length !== bytes) throw wrongType('base64');
  return bytes;
}

function sizeOfSet(content: unknown, kind: string, size: (one: string) => number): number {
  const texts = listOf(content).map(textOf);
  if (texts.length === 0) throw invalidValue(`An ${kind} set  may not be empty`);
  if (new Set(texts).size < texts.length)
    throw invalidValue(`Input collection [${texts.join(', ')}] contains duplicates.`);
  return texts.reduce((sum, one) => sum + size(one), 0);
}

function listOf(content: unknown): readonly unknown[] {
  if (!Array.isArray(content)) throw wrongType('a list');
  return content;
}

function textOf(content: unknown): string {
  if (typeof content !== 'string') throw wrongType('a string');
  return content;
}

function notOne(what: string): AwsError {
  const problem = `Supplied AttributeValue ${what}, must contain exactly one of the supported datatypes`;
  return invalid(problem);
}

function wrongType(expected: string): AwsError {
  return new AwsError('SerializationException', `expected ${expected}`);
}
