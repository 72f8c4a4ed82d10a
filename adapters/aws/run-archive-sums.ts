import { progressKey } from '../../contract/table-keys.ts';
import { groupNames } from '../../core/model/host-group.ts';
import {
  progressOf,
  type RunProgress,
  settledOf,
  type TaskSums,
} from '../../core/model/progress.ts';
import type { Run } from '../../core/model/run.ts';
import type { GroupSize } from '../finish/ended-run.ts';
import { getAllItems, type Item, type Table } from './get-items.ts';
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

/**
 * How far a run has come that has cost so much, without what page crawls left out; never `ended` too early. A task that makes
 * another registers it before it is done itself, but the groups are read one after the other:
 *
 *     reader: group 0 ──────────────────────────── group 1: all done?
 *     worker:            register B (group 0) ─ A done (group 1)
 *
 * Tasks are only ever added and only ever done, so two equal sums hold for the time between them.
 */
export async function readProgress(table: Table, run: Run, nanodollars = 0): Promise<RunProgress> {
  for (let sums = await readSums(table, run); ; ) {
    const progress = progressOf(run, sums, nanodollars);
    if (!progress.ended) return progress;
    const again = await readSums(table, run);
    const { doneTasks, registeredTasks } = again;
    if (doneTasks === sums.doneTasks && registeredTasks === sums.registeredTasks) return progress;
    sums = again;
  }
}

/** The results of groups by what was counted of them, in the order of the groups. */
export async function readGroupSizes(
  table: Table,
  runId: string,
  groups: readonly string[],
): Promise<readonly GroupSize[]> {
  const items = await getAllItems(
    table,
    groups.map((group) => progressKey(runId, group)),
  );
  const sizes = new Map(items.map((item) => [item['pk']?.S, settledIn(item)]));
  return groups.map((group) => {
    return { group, results: sizes.get(progressKey(runId, group).pk) ?? 0 };
  });
}

function settledIn(item: Item): number {
  return settledOf(sumsOf(item).counts);
}
