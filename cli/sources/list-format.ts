import type { SeedList } from '../../core/run.ts';
import { CommandError } from '../command-error.ts';

/** What a person says about lists. */
export interface ListOptions {
  /** Column of a CSV that holds the URL. */
  readonly column?: string;
  /** Field of a line of JSON that holds the URL. */
  readonly field?: string;
}

/** The format that a file's name tells; `.gz` is left aside, and other names are text. */
export function formatOf(name: string): SeedList['format'] {
  const ending = /\.([a-z]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === 'csv') return 'csv';
  return ending === 'jsonl' || ending === 'ndjson' ? 'jsonl' : 'text';
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
