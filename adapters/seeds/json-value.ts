import type { ColumnValue, ListColumns } from '../../core/model/column-value.ts';
import { exactJson, parseExactJson } from '../../core/model/exact-json.ts';
import { type ListText, textsOfCell } from '../../core/seed/list-text.ts';

/** A text as JSON, with all digits of its integers where it is to be exact; undefined when it is not one. */
export function parseJson(text: string, isExact = false): { readonly value: unknown } | undefined {
  try {
    const value: unknown = isExact ? parseExactJson(text) : JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

/** The URLs of one value of a list: a text, an object with a field of them, or an array of both. */
export function textsOfValue(value: unknown, field: string): readonly ListText[] {
  if (Array.isArray(value)) return value.flatMap((one) => textsOfValue(one, field));
  if (typeof value === 'string') return textsOfCell(value);
  return stringsAt(value, field).flatMap(textsOfCell);
}

/** The texts at a path like `image.src`; an array is gone through, or entered by a number. */
export function stringsAt(value: unknown, path: string): readonly string[] {
  return valuesAt(value, path)
    .flat(2)
    .filter((one) => typeof one === 'string');
}

/** The value at such a path, of an array on the way that of its first item; undefined where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return valuesAt(value, path).find((one) => one !== undefined);
}

/** A field that is named like the whole path comes first. */
function valuesAt(value: unknown, path: string): readonly unknown[] {
  const own = ownField(value, path);
  return own === undefined ? path.split('.').reduce<readonly unknown[]>(step, [value]) : [own];
}

function step(values: readonly unknown[], name: string): readonly unknown[] {
  return values.flatMap((value) => {
    const own = ownField(value, name);
    if (own !== undefined) return [own];
    return Array.isArray(value) ? value.map((one) => ownField(one, name)) : [];
  });
}

/** A field of the value's own, not of what all objects have. */
function ownField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/** Names that a message tells of an object, some of them. */
export function keysOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const names = Object.keys(value).slice(0, 20);
  return names.length === 0 ? '' : `, only ${names.map((name) => `"${name}"`).join(', ')}`;
}

/** Fields of an object by their paths, null where it has none; `*` stands for all of its own. */
export function keptFields(value: unknown, keep: readonly string[]): ListColumns | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (keep.includes('*')) return columnsOf(value);
  return columnsOf(Object.fromEntries(keep.map((path) => [path, valueAt(value, path) ?? null])));
}

/** A value as it stands in a cell. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : exactJson(value);
}

function columnsOf(value: object): ListColumns {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toValue(one)]));
}

/** What JSON gave is what JSON has: this only tells the compiler so. */
function toValue(value: unknown): ColumnValue {
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value === 'object' && value !== null) return columnsOf(value);
  const isPlain =
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean';
  return isPlain ? value : null;
}
