import { progressKey } from '../../contract/table-keys.ts';
import { groupNames } from '../../core/model/host-group.ts';
import type { TaskSums } from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import { getAllItems, type Table } from './get-items.ts';
import { addSums, NO_SUMS, sumsOf } from './progress-items.ts';

/** The sums over a run: one small item for each group. Strong reads: an end that is seen is one. */
export async function readSums(
  table: Table,
  { runId, grouping }: Pick<Run, 'runId' | 'grouping'>,
): Promise<TaskSums> {
  const groups = grouping === undefined ? [] : groupNames(grouping);
  const keys = groups.map((group) => progressKey(runId, group));
  return (await getAllItems(table, keys)).map(sumsOf).reduce(addSums, NO_SUMS);
}
