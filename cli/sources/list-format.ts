import type { ListShape } from '../../adapters/seeds/list-shape.ts';
import type { SeedList } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';

/** What a person says about lists. */
export interface ListOptions {
  /** Column of a table that holds the URL, by its name or number. */
  readonly column?: string;
  /** Field of JSON that holds the URL. */
  readonly field?: string;
  /** Columns or fields that go with each row into the results. */
  readonly keep?: readonly string[];
  readonly keepAll?: boolean;
  /** Column or field with hashes. */
  readonly hashColumn?: string;
}

/** Standard input has no name: it is what the options speak of. */
export function formatOfInput({ column, field }: ListOptions): SeedList['format'] {
  if (column !== undefined) return 'csv';
  return field === undefined ? 'text' : 'jsonl';
}

/** Refuses an option that speaks of no source: a typing error would pass unseen. */
export function checkListOptions(
  { column, field, hashColumn, ...options }: ListOptions,
  kinds: readonly ListShape['kind'][],
): void {
  const hasTable = kinds.includes('table') || kinds.includes('parquet');
  const hasJson = kinds.some((kind) => kind.startsWith('json'));
  if (column !== undefined && !hasTable)
    throw new CommandError(`--column: none of the sources is a table with a column "${column}"`);
  if (field !== undefined && !hasJson)
    throw new CommandError('--field: none of the sources is JSON');
  if (hasTable || hasJson) return;
  if (hashColumn !== undefined)
    throw new CommandError('--hash-column: none of the sources has columns');
  if (keptBy(options) !== undefined)
    throw new CommandError('--keep: none of the sources has columns');
}

/** What is kept of lists; undefined for nothing. */
export function keptBy({
  keep = [],
  keepAll = false,
}: Pick<ListOptions, 'keep' | 'keepAll'>): SeedList['keep'] {
  if (keepAll) return ['*'];
  return keep.length === 0 ? undefined : keep;
}
