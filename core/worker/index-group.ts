import type { ResultLedger, TaskLedger } from '../ports/ledger.ts';
import type { GroupHold } from './group-hold.ts';

/** Most tasks that are asked about before an index; the next one asks about the rest. */
const MAX_ASKED = 100;

/** Dependencies of indexing a group. */
export interface IndexPorts {
  readonly tasks: Pick<TaskLedger, 'doneAmong'>;
  readonly results: Pick<ResultLedger, 'addIndex' | 'limits'>;
}

/**
 * Adds to the index of a group when at least `from` of its results are in none, so that whoever
 * enters it reads 12 bytes a URL and not the results. Rejects on infrastructure errors: nothing is
 * lost then but time.
 */
export async function indexGroup(
  hold: GroupHold,
  from: number,
  { tasks, results }: IndexPorts,
): Promise<void> {
  if (hold.unindexed < from) return;
  // Tasks of holds before this one, whose workers did not live to index them.
  const doubtful = hold.doubtfulTasks(MAX_ASKED);
  if (doubtful.length > 0)
    for (const taskId of await tasks.doneAmong(hold.runId, doubtful)) hold.taskDone(taskId);
  const index = hold.nextIndex(results.limits.indexResults);
  if (index === undefined) return;
  await results.addIndex(index);
  hold.indexed(index.upTo);
}
