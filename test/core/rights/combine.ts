import { type Position, PURPOSES, type Purpose } from '../../../core/model/purpose.ts';
import type { Statement } from '../../../core/model/statement.ts';

/** What all statements together say of each purpose. */
type Rights = Readonly<Record<Purpose, Position | 'unknown'>>;

/**
 * Any reservation wins, otherwise any permission, otherwise it is unknown
 * (draft-ietf-aipref-vocab, "Combining Preferences").
 */
export function combine(statements: readonly Statement[]): Rights {
  const rights: Record<Purpose, Position | 'unknown'> = {
    train: 'unknown',
    'ai-input': 'unknown',
    search: 'unknown',
    tdm: 'unknown',
    keep: 'unknown',
  };
  for (const { positions } of statements) {
    for (const purpose of PURPOSES) {
      const position = positions[purpose];
      if (position !== undefined && rights[purpose] !== 'reserved') rights[purpose] = position;
    }
  }
  return rights;
}
