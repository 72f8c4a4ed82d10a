import { AwsError } from './aws-error.ts';

/** The fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that must be there. @throws AwsError */
export function textIn(fields: Fields, name: string): string {
  const text = optionalText(fields, name);
  if (text === undefined) throw new AwsError('MissingParameter', `${name} is missing`);
  return text;
}

/** A text, if it is given. @throws AwsError when it is something else */
export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(name, 'a string');
  return value;
}

/** A whole number between two others, if it is given. @throws AwsError */
export function optionalWhole(
  fields: Fields,
  name: string,
  [least, most]: readonly [least: number, most: number],
): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw wrongType(name, 'a number');
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const problem = `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`;
  throw new AwsError('InvalidParameterValue', problem);
}

/** A list of objects that must be there. @throws AwsError */
export function objectsIn(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name] ?? [];
  if (Array.isArray(value) && value.every(isFields)) return value;
  throw wrongType(name, 'a list of objects');
}

/** A list of texts; empty when it is not given. @throws AwsError */
export function textsIn(fields: Fields, name: string): readonly string[] {
  const value = fields[name] ?? [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw wrongType(name, 'a list of strings');
}

function wrongType(name: string, expected: string): AwsError {
  return new AwsError('SerializationException', `${name}: expected ${expected}`);
}
