import { parseDictionary, Token } from 'structured-headers';
import type { Position, Positions, Purpose } from '../model/purpose.ts';

/**
 * Labels of draft-ietf-aipref-vocab of August 2026, section 6.1, and what they are here. The draft
 * does not have the consensus of its working group yet: labels may change, and only this table does.
 */
const LABELS: readonly (readonly [label: string, purpose: Purpose])[] = [
  ['train-ai', 'train'],
  ['search', 'search'],
];

const POSITIONS: ReadonlyMap<string, Position> = new Map([
  ['y', 'allowed'],
  ['n', 'reserved'],
]);

/**
 * Reads a statement of preference: the value of the header `Content-Usage`, or of that rule in a
 * robots.txt. A dictionary of RFC 9651; of equal keys the last one counts, values other than the
 * tokens `y` and `n` say nothing, and neither does a text that is no dictionary.
 */
export function parseContentUsage(value: string): Positions {
  const dictionary = dictionaryOf(value);
  const positions: Partial<Record<Purpose, Position>> = {};
  for (const [label, purpose] of LABELS) {
    const [item] = dictionary.get(label) ?? [];
    const position = item instanceof Token ? POSITIONS.get(item.toString()) : undefined;
    if (position !== undefined) positions[purpose] = position;
  }
  return positions;
}

function dictionaryOf(value: string): ReadonlyMap<string, readonly [unknown, unknown]> {
  try {
    return parseDictionary(value);
  } catch {
    return new Map();
  }
}
