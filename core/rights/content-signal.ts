import type { Position, Positions, Purpose } from '../model/purpose.ts';

/** Names of contentsignals.org, and what they are here. */
const SIGNALS: ReadonlyMap<string, Purpose> = new Map([
  ['search', 'search'],
  ['ai-input', 'ai-input'],
  ['ai-train', 'train'],
]);

const POSITIONS: ReadonlyMap<string, Position> = new Map([
  ['yes', 'allowed'],
  ['no', 'reserved'],
]);

/**
 * Reads the value of a `Content-Signal` line of a robots.txt: `search=yes, ai-train=no,
 * use=reference`. Names and values in any case; of equal names a reservation wins, since the
 * policy says nothing of an order. `use=immediate` reserves every copy (`keep`), `reference` and
 * `full` allow one. Unknown names and values say nothing.
 */
export function parseContentSignal(value: string): Positions {
  const positions: Partial<Record<Purpose, Position>> = {};
  const set = (purpose: Purpose, position: Position | undefined) => {
    if (position !== undefined && positions[purpose] !== 'reserved') positions[purpose] = position;
  };
  for (const member of value.toLowerCase().split(/[,;]/)) {
    const [name = '', setting = ''] = member.split('=', 2).map((part) => part.trim());
    const purpose = SIGNALS.get(name);
    if (purpose !== undefined) set(purpose, POSITIONS.get(setting));
    else if (name === 'use') set('keep', USES.get(setting));
  }
  return positions;
}

const USES: ReadonlyMap<string, Position> = new Map([
  ['immediate', 'reserved'],
  ['reference', 'allowed'],
  ['full', 'allowed'],
]);
