import { z } from 'zod';
import { isLive, type ListedUrl } from './real-list.ts';

const resultLine = z.object({
  url: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
});

/** What became of the URLs of a list. */
export interface CheckedResults {
  /** URLs by kind and end, such as `silent: failed timeout`. */
  readonly ends: ReadonlyMap<string, number>;
  /** One line for each kind of difference; none when every URL ended as it should. */
  readonly differences: readonly string[];
}

/** Compares lines of `results.jsonl` with what the list holds. */
export function checkResults(list: readonly ListedUrl[], lines: readonly string[]): CheckedResults {
  const kinds = new Map(list.map((listed) => [listed.url, listed]));
  const ends = new Map<string, number>();
  const wrong = new Map<string, number>();
  const seen = new Set<string>();
  for (const line of lines) {
    const { url, status, reason } = resultLine.parse(JSON.parse(line));
    const listed = kinds.get(url);
    const end = `${listed?.kind ?? 'not in the list'}: ${[status, reason].join(' ').trim()}`;
    count(ends, end);
    if (seen.has(url)) count(wrong, 'more than one result');
    seen.add(url);
    if (listed === undefined || !isExpected(listed, status, reason ?? undefined)) count(wrong, end);
  }
  for (const { url, kind } of list) if (!seen.has(url)) count(wrong, `${kind}: no result`);
  const differences = [...wrong].map(([what, times]) => `${times} × ${what}`);
  return { ends, differences };
}

function isExpected(listed: ListedUrl, status: string, reason: string | undefined): boolean {
  if (isLive(listed)) return status === 'succeeded';
  return status === 'failed' && (listed.kind !== 'not-found' || reason === 'not-found');
}

function count(into: Map<string, number>, name: string): void {
  into.set(name, (into.get(name) ?? 0) + 1);
}
