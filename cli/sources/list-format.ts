import type { SeedList } from '../../core/run.ts';
import { CommandError } from '../command-error.ts';

/** What a person says about lists. */
export interface ListOptions {
  /** Column of a CSV that holds the URL. */
  readonly column?: string;
  /** Field of a line of JSON that holds the URL. */
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
  formats: readonly SeedList['format'][],
): void {
  if (column !== undefined && !formats.includes('csv'))
    throw new CommandError('--column: none of the sources is a .csv file');
  if (field !== undefined && !formats.includes('jsonl'))
    throw new CommandError('--field: none of the sources is a .jsonl file');
}
