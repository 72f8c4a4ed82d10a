import { mapIn, valueIn } from './compare-values.ts';
import { elementsOf, type Item, typeOf, type Value } from './values.ts';

/** A place in an item: the name of an attribute, then names in maps and places in lists. */
export type Path = readonly (string | number)[];

/** What is at a place of an item, if anything is. */
export function valueAt(item: Item | undefined, path: Path): Value | undefined {
  const [name = '', ...rest] = path;
  let found = item?.[name];
  for (const step of rest) {
    found = typeof step === 'number' ? elementAt(found, step) : mapIn(found)[step];
  }
  return found;
}

/** Copies a value so far that its place can be changed, and the item it came from is not. */
function copyOf(value: Value): Value {
  const type = typeOf(value);
  if (type === 'M') return { M: { ...mapIn(value) } };
  return type === 'L' ? { L: [...elementsOf(value)] } : value;
}

/**
 * Puts a value at a place, or takes away what is there; the item is changed, values in it are
 * copied. False when there is no such place: what holds it must be there already.
 */
export function putAt(item: Item, path: Path, value: Value | undefined): boolean {
  const [name = '', ...rest] = path;
  const own = item[name];
  if (rest.length === 0) {
    if (value === undefined) delete item[name];
    else item[name] = value;
    return true;
  }
  if (own === undefined) return false;
  const copy = copyOf(own);
  item[name] = copy;
  return putInside(copy, rest, value);
}

function putInside(holder: Value, [step = '', ...rest]: Path, value: Value | undefined): boolean {
  if (typeof step === 'string') {
    const map = holder['M'];
    return map === undefined ? false : putAt(mapIn(holder), [step, ...rest], value);
  }
  const list = holder['L'];
  if (!Array.isArray(list)) return false;
  if (rest.length === 0) {
    if (value === undefined) list.splice(step, 1);
    else list[Math.min(step, list.length)] = value;
    return true;
  }
  const own = elementAt(holder, step);
  if (own === undefined) return false;
  const copy = copyOf(own);
  list[step] = copy;
  return putInside(copy, rest, value);
}

function elementAt(value: Value | undefined, at: number): Value | undefined {
  return typeof value === 'object' && 'L' in value ? valueIn(elementsOf(value)[at]) : undefined;
}

/** Those places of an item that are asked for, and that are there. */
export function projected(item: Item, paths: readonly Path[]): Item {
  const some: Item = {};
  // Elements of a list close up, so they are put in the order of their places.
  for (const path of paths) {
    const value = valueAt(item, path);
    if (value === undefined) continue;
    const [name = ''] = path;
    if (path.length === 1) some[name] = value;
    else some[name] = merged(some[name], path.slice(1), value);
  }
  return some;
}

function merged(into: Value | undefined, [step, ...rest]: Path, value: Value): Value {
  if (step === undefined) return value;
  if (typeof step === 'number') return { L: [...elementsOf(into), merged(undefined, rest, value)] };
  const map = mapIn(into);
  return { M: { ...map, [step]: merged(map[step], rest, value) } };
}
