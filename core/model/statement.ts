import { type Position, type Positions, PURPOSES, type Purpose } from './purpose.ts';

/** Forms of statements of rights. */
export const SIGNALS = [
  'content-usage',
  'content-signal',
  'tdmrep',
  'robots-tag',
  'robots-meta',
  'rsl',
  'plus',
  'cawg',
] as const;

/** The form of a statement of rights. */
export type Signal = (typeof SIGNALS)[number];

/** One statement of an owner about a resource, as evidence. */
export interface Statement {
  readonly signal: Signal;
  /** `robots.txt`, `header`, `meta`, `image`, or the address of the document that says it. */
  readonly where: string;
  /** As written, at most `MAX_VALUE` characters. */
  readonly value: string;
  readonly positions: Positions;
}

/** Characters of a statement that are kept as evidence. */
export const MAX_VALUE = 200;

/** Statements about one resource that are kept as evidence. */
export const MAX_EVIDENCE = 8;

/** What to do with a resource, for the purposes that the operator declares. */
export type RightsVerdict =
  | { readonly kind: 'free' }
  | { readonly kind: 'reserved'; readonly for: readonly Purpose[]; readonly by: Statement };

/** Makes a statement; undefined when it says nothing of any purpose. */
export function statement(
  signal: Signal,
  where: string,
  value: string,
  positions: Positions,
): Statement | undefined {
  if (Object.keys(positions).length === 0) return undefined;
  // What would harm a terminal or a page is no part of any statement.
  const text = value.replace(/\p{C}/gu, ' ').slice(0, MAX_VALUE);
  return { signal, where, value: text, positions };
}

/** Whether one of the declared purposes is reserved, and by which statement first. */
export function judgeRights(
  statements: readonly Statement[],
  declared: readonly Purpose[],
): RightsVerdict {
  for (const by of statements) {
    const reserved = declared.filter((purpose) => by.positions[purpose] === 'reserved');
    if (reserved.length > 0) return { kind: 'reserved', for: reserved, by };
  }
  return { kind: 'free' };
}

/** The position for several purposes at once. */
export function positionFor(position: Position, purposes: readonly Purpose[]): Positions {
  return Object.fromEntries(purposes.map((purpose) => [purpose, position]));
}

/** Two sets of positions of one source: a reservation in either holds. */
export function mergePositions(a: Positions, b: Positions): Positions {
  const merged: Partial<Record<Purpose, Position>> = {};
  for (const purpose of PURPOSES) {
    const position = a[purpose] === 'reserved' ? 'reserved' : (b[purpose] ?? a[purpose]);
    if (position !== undefined) merged[purpose] = position;
  }
  return merged;
}
