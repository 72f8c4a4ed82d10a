import { type ListText, textsOfCell } from '../../core/seed/list-text.ts';

/** A text as JSON; undefined when it is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
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
  const own = ownField(value, path);
  const found =
    own === undefined ? path.split('.').reduce<readonly unknown[]>(step, [value]) : [own];
  return found.flat(2).filter((one) => typeof one === 'string');
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
