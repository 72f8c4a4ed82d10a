import type { ResultBody } from '../../contract/items.ts';
import { encodeSeedTarget } from '../../contract/seed-target.ts';
import type { ListColumns } from '../../core/model/column-value.ts';
import { factsOfFind } from '../../core/model/find.ts';
import { encodeColumns } from '../../core/model/given-columns.ts';
import { type Reason, verdictOf } from '../../core/model/outcome.ts';
import type { ReasonCounts } from '../output/reasons.ts';
import { writeTexts } from '../output/write-whole.ts';

/** Targets to ask again: their results will be replaced. */
export interface RetryPlan {
  readonly targets: number;
  readonly superseded: ReasonCounts;
}

/** What `crawl retry` asks again: whatever failed or was skipped for a reason that may have passed. */
export function isPassing(reason: Reason): boolean {
  return verdictOf(reason).passing;
}

/** What `crawl resume` asks of a run that was cancelled. */
export function isCancelled(reason: Reason): boolean {
  return reason === 'cancelled';
}

/** What a document says of itself is no title of a find. */
function findOf({ kind, title, ...facts }: Omit<ResultBody, 'url' | 'reason'>) {
  return factsOfFind({ ...facts, kind, title: kind === undefined ? title : undefined });
}

/** Writes the results with a wanted reason into a file, as targets, one a line, and counts them. */
export async function planRetry(
  results: AsyncIterable<ResultBody & { readonly columns?: ListColumns }>,
  isWanted: (reason: Reason) => boolean,
  path: string,
): Promise<RetryPlan> {
  const counts: Partial<Record<Reason, number>> = {};
  let targets = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const { url, reason, columns, ...facts } of results) {
      // What came inside a document cannot be asked for by itself.
      if (reason === null || !isWanted(reason) || url.startsWith('data:')) continue;
      counts[reason] = (counts[reason] ?? 0) + 1;
      targets += 1;
      const columnsJson = columns && encodeColumns(columns);
      yield `${encodeSeedTarget({ url, ...findOf(facts), columnsJson })}\n`;
    }
  }
  await writeTexts(path, lines());
  return { targets, superseded: counts };
}
