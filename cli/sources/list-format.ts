import type { ListShape } from '../../adapters/seeds/list-shape.ts';
import type { SeedList } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';

/** What a person says about lists. */
export interface ListOptions {
  /** Column of a table that holds the URL, by its name or number. */
  readonly column?: string;
  /** Field of JSON that holds the URL. */
  readonly field?: string;
}

/** Standard input has no name: it is what the options speak of. */
export function formatOfInput({ column, field }: ListOptions): SeedList['format'] {
  if (column !== undefined) return 'csv';
  return field === undefined ? 'text' : 'jsonl';
}

/** Refuses an option that speaks of no source: a typing error would pass unseen. */
export function checkListOptions(
  { column, field }: ListOptions,
  kinds: readonly ListShape['kind'][],
): void {
  if (column !== undefined && !kinds.includes('table'))
    throw new CommandError(`--column: none of the sources is a table with a column "${column}"`);
  if (field !== undefined && !kinds.some((kind) => kind.startsWith('json')))
    throw new CommandError('--field: none of the sources is JSON');
}
