import type { SeedList } from './run.ts';

const FORMATS: Readonly<Record<string, SeedList['format']>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  json: 'jsonl',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  pq: 'parquet',
};

/** The format that a file's name tells; `.gz` is left aside, and other names are text. */
export function formatOf(name: string): SeedList['format'] {
  const ending = /\.([a-z]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase();
  return FORMATS[ending ?? ''] ?? 'text';
}
