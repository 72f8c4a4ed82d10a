import type { SeedList } from './run.ts';

/** The format that a file's name tells; `.gz` is left aside, and other names are text. */
export function formatOf(name: string): SeedList['format'] {
  const ending = /\.([a-z]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === 'csv') return 'csv';
  return ending === 'jsonl' || ending === 'ndjson' ? 'jsonl' : 'text';
}
