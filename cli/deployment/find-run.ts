import type { Run } from '../../core/model/run.ts';
import { CommandError } from '../command-error.ts';
import { countOf } from '../options/quantities.ts';

interface Runs {
  read(runId: string): Promise<Run | undefined>;
  /** Newest first. */
  list(): AsyncIterable<Run>;
}

/**
 * The run that a person named, by its id or by its beginning; runs are kept for so many days, or with 0 for ever.
 * @throws CommandError
 */
export async function findRun(runs: Runs | undefined, text: string, resultDays = 0): Promise<Run> {
  const exact = await runs?.read(text);
  if (exact !== undefined) return exact;
  const [first, second] = runs === undefined ? [] : await startingWith(runs, text);
  if (first === undefined) {
    const kept = resultDays === 0 ? '' : `; they are kept for ${countOf(resultDays, 'day')}`;
    throw new CommandError(`no run ${text} (crawl status lists them${kept})`);
  }
  if (second === undefined) return first;
  throw new CommandError(
    `more than one run begins with ${text}, ${second.runId} and ${first.runId} among them`,
  );
}

/** Two are enough to know that there is more than one. */
async function startingWith(runs: Runs, text: string): Promise<readonly Run[]> {
  const found: Run[] = [];
  for await (const run of runs.list()) {
    if (run.runId.startsWith(text)) found.push(run);
    if (found.length === 2) break;
  }
  return found;
}
