import type { ResultLine } from '../../adapters/aws/run-archive-lines.ts';
import { hasColumns, joinRows } from '../../adapters/seeds/join-rows.ts';
import { parseResult, type ResultBody } from '../../contract/items.ts';
import type { ListColumns } from '../../core/model/column-value.ts';
import type { Run } from '../../core/model/run.ts';
import type { ColumnUse } from '../../core/ports/seed-source.ts';
import type { OpenArchive } from '../deployment/crawler.ts';
import { systemMessage } from '../deployment/system-error.ts';

/**
 * Results as they are written: one line for each row of the lists where columns are kept. Where a list is
 * gone they come without rows, and `onLost` gets the reason.
 */
export async function* runLines(
  results: AsyncIterable<ResultLine>,
  run: Pick<Run, 'lists' | 'checkpoint'>,
  source: OpenArchive['lists'],
  onLost: (problem: string) => void,
): AsyncGenerator<ResultLine> {
  const lost = await lostList(run, source, 'kept');
  if (lost !== undefined) onLost(`the columns of its lists cannot be told: ${lost}`);
  const lists = lost === undefined ? run.lists : [];
  const expected = run.checkpoint.targets;
  yield* joinRows(results, lists, { source, parse: readOwn, expected });
}

/** A line that was written a moment ago, and checked when it was read of its pack. */
function readOwn(json: string): ResultLine {
  const value: unknown = JSON.parse(json);
  if (!isLine(value)) throw new Error('a line of results was expected');
  return value;
}

function isLine(value: unknown): value is ResultLine {
  return typeof value === 'object' && value !== null && 'url' in value && 'status' in value;
}

/** Results with the columns that hooks are given, each once. */
export async function* withHookColumns(
  results: AsyncIterable<ResultBody>,
  run: Pick<Run, 'lists' | 'checkpoint'>,
  source: OpenArchive['lists'],
  onLost: (problem: string) => void,
): AsyncGenerator<ResultBody & { readonly columns?: ListColumns }> {
  const lost = await lostList(run, source, 'given');
  if (lost !== undefined) onLost(`hooks get no columns of its lists: ${lost}`);
  const lists = lost === undefined ? run.lists : [];
  const expected = run.checkpoint.targets;
  yield* joinRows(results, lists, {
    source,
    parse: parseResult,
    expected,
    use: 'given',
    once: true,
  });
}

async function lostList(
  { lists }: Pick<Run, 'lists'>,
  source: OpenArchive['lists'],
  use: ColumnUse,
): Promise<string | undefined> {
  for (const list of lists) {
    if (!hasColumns(list, use)) continue;
    try {
      await source.know(list);
    } catch (error) {
      return systemMessage(error);
    }
  }
  return undefined;
}
