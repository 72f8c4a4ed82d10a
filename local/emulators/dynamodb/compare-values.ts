import { compareNumbers } from './decimal.ts';
import { elementsOf, type Item, typeOf, type Value } from './values.ts';

/**
 * Below, equal to or above zero by the order of DynamoDB: numbers by size, texts and bytes by their
 * bytes. Undefined for values of two types, and of types without an order.
 */
export function compareValues(a: Value, b: Value): number | undefined {
  const type = typeOf(a);
  const [left, right] = [a[type], b[type]];
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  if (type === 'N') return compareNumbers(left, right);
  if (type === 'B')
    return Buffer.compare(Buffer.from(left, 'base64'), Buffer.from(right, 'base64'));
  if (left === right) return 0;
  return type === 'S' ? Buffer.compare(Buffer.from(left), Buffer.from(right)) : undefined;
}

/** Whether two values are the same; the order of a set says nothing. */
export function areEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  if (type.length === 2) {
    const texts = new Set(elementsOf(b));
    return elementsOf(a).length === texts.size && elementsOf(a).every((one) => texts.has(one));
  }
  if (type === 'L') {
    const [left, right] = [elementsOf(a), elementsOf(b)];
    return (
      left.length === right.length &&
      left.every((one, at) => areEqual(valueIn(one), valueIn(right[at])))
    );
  }
  if (type === 'M') return areSameMaps(mapIn(a), mapIn(b));
  return a[type] === b[type];
}

function areSameMaps(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => areEqual(a[name], b[name]))
  );
}

/** The map of a value of type M; empty for others. */
export function mapIn(value: Value | undefined): Item {
  const map = value?.['M'];
  return isMap(map) ? map : {};
}

/** A member of a list that was read. */
export function valueIn(member: unknown): Value | undefined {
  return isMap(member) ? member : undefined;
}

function isMap(value: unknown): value is Item {
  return typeof value === 'object' && value !== null;
}
